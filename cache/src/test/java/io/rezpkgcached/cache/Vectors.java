package io.rezpkgcached.cache;

import io.rezpkgcached.cache.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;

/** What a production rez wrote, from the test resources. */
public final class Vectors {
    private Vectors() {}

    /** The bytes of one vector. */
    public static byte[] bytes(String name) throws IOException {
        try (InputStream in = Vectors.class.getResourceAsStream("/vectors/" + name)) {
            if (in == null) {
                throw new IOException("no vector " + name);
            }
            return in.readAllBytes();
        }
    }

    /** A vector that is a JSON list. */
    public static List<?> list(String name) throws IOException {
        return (List<?>) Json.read(bytes(name));
    }

    /** A vector that is a JSON list of objects. */
    @SuppressWarnings("unchecked") // our own data
    public static List<Map<String, Object>> objects(String name) throws IOException {
        return (List<Map<String, Object>>) Json.read(bytes(name));
    }
}
