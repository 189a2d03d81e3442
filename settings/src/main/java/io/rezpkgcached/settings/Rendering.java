package io.rezpkgcached.settings;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A plain value as text that could stand in our file. */
final class Rendering {

    private Rendering() {}

    static String text(Object value) {
        return switch (value) {
            case null -> "null";
            case String text -> quoted(text);
            case List<?> list -> list.stream().map(Rendering::text).collect(Collectors.joining(", ", "[", "]"));
            case Map<?, ?> map -> map.entrySet().stream()
                    .map(entry -> quoted(String.valueOf(entry.getKey())) + ": " + text(entry.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
            default -> value.toString();
        };
    }

    private static String quoted(String text) {
        StringBuilder result = new StringBuilder("\"");
        text.chars().forEach(c -> {
            switch (c) {
                case '"' -> result.append("\\\"");
                case '\\' -> result.append("\\\\");
                case '\n' -> result.append("\\n");
                case '\t' -> result.append("\\t");
                default -> {
                    // A control character in a list of problems or settings could move a terminal's cursor.
                    if (Character.isISOControl(c)) {
                        result.append("\\u%04x".formatted(c));
                    } else {
                        result.append((char) c);
                    }
                }
            }
        });
        return result.append('"').toString();
    }
}
