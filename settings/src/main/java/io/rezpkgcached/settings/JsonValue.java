package io.rezpkgcached.settings;

import io.rezpkgcached.cache.json.Json;
import io.rezpkgcached.cache.json.JsonException;
import java.nio.charset.StandardCharsets;

/** The value of a variable that holds JSON. */
final class JsonValue {
    private JsonValue() {}

    static Object parse(String text) throws BadValue {
        try {
            return Json.read(text.getBytes(StandardCharsets.UTF_8));
        } catch (JsonException _) {
            throw new BadValue("is not JSON");
        }
    }
}
