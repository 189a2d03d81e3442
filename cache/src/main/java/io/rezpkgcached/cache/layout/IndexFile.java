package io.rezpkgcached.cache.layout;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.handle.MalformedHandleException;
import io.rezpkgcached.cache.json.Json;
import io.rezpkgcached.cache.json.JsonException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads and writes {@code <inc>.json}: which variant an entry holds. */
public final class IndexFile {
    /** rez writes some 200 bytes; a variant with a hundred long requirements stays below this. */
    private static final int MAX_BYTES = 1 << 20;

    private IndexFile() {}

    /**
     * The handle in an index file.
     *
     * @return empty if the file is empty, cut short or otherwise not an index, which stops rez, or is a folder or a pipe
     * @throws IOException if it cannot be read, also {@link java.nio.file.NoSuchFileException}
     */
    public static Optional<Handle> read(Path index) throws IOException {
        if (!Files.readAttributes(index, BasicFileAttributes.class).isRegularFile()) {
            return Optional.empty(); // to open a pipe would block
        }
        try (InputStream in = Files.newInputStream(index)) {
            Object tree = Json.read(in.readNBytes(MAX_BYTES));
            if (!(tree instanceof Map<?, ?> object) || !object.containsKey("handle")) {
                return Optional.empty();
            }
            return Optional.of(Handle.parse(object.get("handle")));
        } catch (JsonException | MalformedHandleException _) {
            return Optional.empty();
        }
    }

    /**
     * The text that rez writes: the handle and, where the variant has an index, its requirements, for people.
     *
     * @param requirements the requirement strings of the variant as its definition has them
     */
    public static String text(Handle handle, List<String> requirements) {
        Map<String, Object> index = new LinkedHashMap<>();
        index.put("handle", handle.toTree());
        if (handle.index().isPresent()) {
            index.put("data", requirements);
        }
        return Json.write(index);
    }
}
