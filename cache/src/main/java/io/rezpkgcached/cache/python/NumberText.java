package io.rezpkgcached.cache.python;

import java.math.BigInteger;

/** Python's number literals. */
final class NumberText {
    /** Python refuses decimal literals that are longer: sys.int_info.default_max_str_digits. */
    private static final int MAX_DECIMAL_DIGITS = 4300;

    private NumberText() {}

    /** Where the number that starts at {@code from} ends. */
    static int end(String source, int from) {
        if (radix(source, from) != 10) {
            int at = from + 2;
            while (at < source.length() && (source.charAt(at) == '_' || isDigit(source.charAt(at), 16))) {
                at++;
            }
            return at;
        }
        int at = digits(source, from);
        if (at < source.length() && source.charAt(at) == '.') {
            at = digits(source, at + 1);
        }
        if (at < source.length() && (source.charAt(at) == 'e' || source.charAt(at) == 'E')) {
            int sign = at + 1 < source.length() && (source.charAt(at + 1) == '-' || source.charAt(at + 1) == '+')
                    ? 1
                    : 0;
            if (digits(source, at + 1 + sign) > at + 1 + sign) {
                at = digits(source, at + 1 + sign);
            }
        }
        if (at < source.length() && (source.charAt(at) == 'j' || source.charAt(at) == 'J')) {
            at++;
        }
        return at;
    }

    /**
     * The value as Long, BigInteger or Double; null for a complex number, and for one of thousands of digits.
     *
     * @throws PythonSyntaxException if Python would refuse it
     */
    static Object value(String text, int line) throws PythonSyntaxException {
        if (text.length() == 1) {
            return (long) Character.digit(text.charAt(0), 10);
        }
        if (text.endsWith("_") || text.contains("__") || text.contains("_.") || text.contains("._")) {
            throw bad(text, line);
        }
        int radix = radix(text, 0);
        if (radix == 10 && (text.endsWith("j") || text.endsWith("J"))) {
            return null;
        }
        String digits = text.replace("_", "");
        try {
            if (radix != 10 && digits.length() > MAX_DECIMAL_DIGITS) {
                // Python takes it, and Java would take its time over it.
                return null;
            }
            if (radix != 10) {
                return narrow(new BigInteger(digits.substring(2), radix));
            }
            if (digits.chars().anyMatch(c -> c == '.' || c == 'e' || c == 'E')) {
                return Double.valueOf(digits);
            }
            boolean leadingZero = digits.startsWith("0") && !digits.chars().allMatch(c -> c == '0');
            if (leadingZero || digits.length() > MAX_DECIMAL_DIGITS) {
                throw bad(text, line);
            }
            return narrow(new BigInteger(digits));
        } catch (NumberFormatException e) {
            throw bad(text, line);
        }
    }

    private static Object narrow(BigInteger value) {
        return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
    }

    private static int radix(String source, int from) {
        if (source.charAt(from) != '0' || from + 1 >= source.length()) {
            return 10;
        }
        return switch (source.charAt(from + 1)) {
            case 'x', 'X' -> 16;
            case 'o', 'O' -> 8;
            case 'b', 'B' -> 2;
            default -> 10;
        };
    }

    private static int digits(String source, int from) {
        int at = from;
        while (at < source.length() && (source.charAt(at) == '_' || isDigit(source.charAt(at), 10))) {
            at++;
        }
        return at;
    }

    private static boolean isDigit(char c, int radix) {
        return c < 128 && Character.digit(c, radix) >= 0;
    }

    private static PythonSyntaxException bad(String text, int line) {
        return new PythonSyntaxException(line,
                "a number '" + (text.length() > 40 ? text.substring(0, 40) + "..." : text) + "'");
    }
}
