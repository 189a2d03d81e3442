package io.rezpkgcached.cache.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Writes a tree with the default settings of Python's {@code json} module (CPython 3.11, {@code json.encoder}). */
final class PythonWriter {
    private static final String HEX = "0123456789abcdef";

    /** {@code float.__repr__} writes an exponent outside of these places of the decimal point. */
    private static final int LEAST_POINT = -3;
    private static final int LARGEST_POINT = 16;

    private final StringBuilder out = new StringBuilder();

    private PythonWriter() {}

    static String write(Object tree) {
        PythonWriter writer = new PythonWriter();
        writer.value(tree);
        return writer.out.toString();
    }

    private void value(Object value) {
        // Not a switch over patterns: its code is made at run time, in milliseconds that a command does not have.
        if (value instanceof String string) {
            string(string);
        } else if (value instanceof Map<?, ?> map) {
            object(map);
        } else if (value instanceof List<?> list) {
            array(list);
        } else if (value instanceof Double number) {
            out.append(number(number));
        } else if (value == null || value instanceof Boolean || value instanceof Integer || value instanceof Long
                || value instanceof BigInteger) {
            out.append(value);
        } else {
            throw new IllegalArgumentException("not a JSON value: " + value.getClass().getName());
        }
    }

    private void object(Map<?, ?> map) {
        out.append('{');
        String separator = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!(entry.getKey() instanceof String name)) {
                throw new IllegalArgumentException("a name in a JSON object is not a string: " + entry.getKey());
            }
            out.append(separator);
            string(name);
            out.append(": ");
            value(entry.getValue());
            separator = ", ";
        }
        out.append('}');
    }

    private void array(List<?> list) {
        out.append('[');
        for (Iterator<?> values = list.iterator(); values.hasNext();) {
            value(values.next());
            if (values.hasNext()) {
                out.append(", ");
            }
        }
        out.append(']');
    }

    private void string(String string) {
        out.append('"');
        if (isPlain(string)) {
            out.append(string);
        } else {
            for (int i = 0; i < string.length(); i++) {
                character(string.charAt(i));
            }
        }
        out.append('"');
    }

    /** Whether all of it is written as it is; may be false where it is, as of a question mark. */
    private static boolean isPlain(String string) {
        // Nearly always. As bytes, since a command ends before its code is compiled, and until then each call of charAt costs.
        for (byte c : string.getBytes(StandardCharsets.US_ASCII)) {
            if (c < ' ' || c > '~' || c == '"' || c == '\\' || c == '?') { // the last also stands for what is not ASCII
                return false;
            }
        }
        return true;
    }

    private static boolean isPlain(char c) {
        return c >= ' ' && c <= '~' && c != '"' && c != '\\';
    }

    private void character(char c) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\b' -> out.append("\\b");
            case '\f' -> out.append("\\f");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                if (isPlain(c)) {
                    out.append(c);
                } else {
                    out.append("\\u");
                    for (int shift = 12; shift >= 0; shift -= 4) {
                        out.append(HEX.charAt(c >> shift & 0xf));
                    }
                }
            }
        }
    }

    private static String number(double number) {
        if (Double.isNaN(number)) {
            return "NaN";
        }
        String sign = Math.copySign(1, number) < 0 ? "-" : "";
        double size = Math.abs(number);
        if (Double.isInfinite(size)) {
            return sign + "Infinity";
        }
        return sign + (size == 0 ? "0.0" : positive(size));
    }

    private static String positive(double size) {
        BigDecimal decimal = new BigDecimal(Double.toString(size));
        // Java never gives fewer than two digits, and so takes 4.9E-324 where Python takes 5e-324.
        BigDecimal oneDigit = decimal.round(new MathContext(1));
        BigDecimal shortest = (oneDigit.doubleValue() == size ? oneDigit : decimal).stripTrailingZeros();
        String digits = shortest.unscaledValue().toString();
        int point = digits.length() - shortest.scale();
        if (point < LEAST_POINT || point > LARGEST_POINT) {
            String rest = digits.length() == 1 ? "" : "." + digits.substring(1);
            int exponent = point - 1;
            String pad = Math.abs(exponent) < 10 ? "0" : "";
            return digits.charAt(0) + rest + "e" + (exponent < 0 ? "-" : "+") + pad + Math.abs(exponent);
        }
        String plain = shortest.toPlainString();
        return plain.contains(".") ? plain : plain + ".0";
    }
}
