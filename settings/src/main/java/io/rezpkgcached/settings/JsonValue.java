package io.rezpkgcached.settings;

import io.rezpkgcached.cache.json.Json;
import io.rezpkgcached.cache.json.JsonException;
import java.nio.charset.StandardCharsets;

/** The value of a variable that holds JSON, or one of the numbers that Python takes for JSON beside it. */
final class JsonValue {
    private JsonValue() {}

    static Object parse(String text) throws BadValue {
        try {
            return switch (text.strip()) {
                case "NaN" -> Double.NaN;
                case "Infinity" -> Double.POSITIVE_INFINITY;
                case "-Infinity" -> Double.NEGATIVE_INFINITY;
                default -> Json.read(text.getBytes(StandardCharsets.UTF_8));
            };
        } catch (JsonException _) {
            throw new BadValue("is not JSON");
        }
    }
}
