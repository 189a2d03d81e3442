package io.rezpkgcached.cache.layout;

import io.rezpkgcached.cache.json.Json;
import io.rezpkgcached.cache.json.JsonException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Small JSON objects in our own folders, which appear complete or not at all. They are not synced: after a power cut
 * one may be lost or empty, and is then as if it had never been written.
 */
public final class StateFile {
    private StateFile() {}

    /** Writes an object by way of a temporary name beside it. */
    public static void write(Path file, Map<String, ?> object) throws IOException {
        Path made = file.resolveSibling("." + file.getFileName() + "-" + UUID.randomUUID());
        try {
            Files.writeString(made, Json.write(object) + "\n");
            Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(made);
        }
    }

    /** Reads an object; empty if there is none, or it is not one. */
    public static Optional<Map<String, Object>> read(Path file) throws IOException {
        try {
            return object(Json.read(Files.readAllBytes(file)));
        } catch (NoSuchFileException | JsonException _) {
            return Optional.empty();
        }
    }

    /** A JSON object as a map with names for keys; empty if the tree is no object. */
    @SuppressWarnings("unchecked") // Json.read makes no other maps
    public static Optional<Map<String, Object>> object(Object tree) {
        return tree instanceof Map<?, ?> map ? Optional.of((Map<String, Object>) map) : Optional.empty();
    }
}
