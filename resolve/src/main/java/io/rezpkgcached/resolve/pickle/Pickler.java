package io.rezpkgcached.resolve.pickle;

import io.rezpkgcached.cache.json.Json;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes protocol 0; texts and tuples that come again are written once, as Python does. */
final class Pickler {
    /** A tuple in a list in a dictionary in a graph in a dictionary in three tuples. */
    private static final int DEEPEST = 32;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(8192);
    private final Map<Object, Integer> memo = new HashMap<>();

    byte[] write(Object value) {
        value(value, 0);
        out.write('.');
        return out.toByteArray();
    }

    private void value(Object value, int depth) {
        if (depth > DEEPEST) {
            throw new IllegalArgumentException("deeper than " + DEEPEST);
        }
        switch (value) {
            case null -> put("N");
            case String text -> text(text);
            case Boolean truth -> put(truth ? "I01\n" : "I00\n");
            case Integer number -> put("I" + number + "\n");
            case Long number -> put(number == number.intValue() ? "I" + number + "\n" : "L" + number + "L\n");
            case BigInteger number -> put("L" + number + "L\n");
            case Double number -> put("F" + real(number) + "\n");
            case PickledEnum status -> status(status);
            case PickledTuple tuple -> tuple(tuple.items(), depth);
            case List<?> list -> list(list, depth);
            case Map<?, ?> map -> map(map, depth);
            case PickledObject object -> object(object, depth);
            default -> throw new IllegalArgumentException("not data: " + value.getClass().getName());
        }
    }

    private static String real(double number) {
        return Double.isNaN(number)
                ? "nan"
                : Double.isInfinite(number) ? number > 0 ? "inf" : "-inf" : Json.write(number);
    }

    private void text(String text) {
        if (isRepeated(text)) {
            return;
        }
        StringBuilder escaped = new StringBuilder("V");
        text.codePoints().forEach(c -> {
            if (c == '\\' || c == 0 || c == '\n' || c == '\r' || c == 0x1a || (c > 0xff && c <= 0xffff)) {
                escaped.append(String.format(Locale.ROOT, "\\u%04x", c));
            } else if (c > 0xffff) {
                escaped.append(String.format(Locale.ROOT, "\\U%08x", c));
            } else {
                escaped.append((char) c);
            }
        });
        put(escaped.append('\n').toString());
        remember(text);
    }

    private void tuple(List<Object> items, int depth) {
        boolean flat = items.stream().allMatch(String.class::isInstance);
        if (flat && isRepeated(items)) {
            return;
        }
        put("(");
        items.forEach(item -> value(item, depth + 1));
        put("t");
        if (flat) {
            remember(items);
        }
    }

    private void list(List<?> list, int depth) {
        put("(l");
        for (Object item : list) {
            value(item, depth + 1);
            put("a");
        }
    }

    private void map(Map<?, ?> map, int depth) {
        put("(d");
        map.forEach((key, value) -> {
            value(key, depth + 1);
            value(value, depth + 1);
            put("s");
        });
    }

    private void status(PickledEnum status) {
        global(KnownClass.STATUS);
        put("(");
        tuple(List.of(status.text()), 0);
        put("tR");
    }

    private void object(PickledObject object, int depth) {
        global(KnownClass.RECONSTRUCTOR);
        put("(");
        global(object.type());
        global(KnownClass.OBJECT);
        put("NtR");
        map(object.fields(), depth + 1);
        put("b");
    }

    private void global(KnownClass known) {
        put("c" + known.module() + "\n" + known.pythonName() + "\n");
    }

    private boolean isRepeated(Object value) {
        Integer number = memo.get(value);
        if (number != null) {
            put("g" + number + "\n");
        }
        return number != null;
    }

    private void remember(Object value) {
        put("p" + memo.size() + "\n");
        memo.put(value, memo.size());
    }

    private void put(String latin1) {
        out.writeBytes(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }
}
