package io.rezpkgcached.cache.shared;

import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.StateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The file that says that a cache is shared, for commands and for the next daemon: all that lies in such a cache was copied for everyone.
 *
 * @param adminGroup whose members may change it
 */
public record SharedMark(Optional<String> adminGroup) {
    private static final String GROUP = "admin_group";

    /** Empty if the cache is not shared, or that cannot be seen. */
    public static Optional<SharedMark> read(CacheLayout layout) throws IOException {
        if (!Files.exists(layout.sharedMark())) {
            return Optional.empty();
        }
        Object group = StateFile.read(layout.sharedMark()).orElse(Map.of()).get(GROUP);
        return Optional.of(new SharedMark(group instanceof String name ? Optional.of(name) : Optional.empty()));
    }

    void write(CacheLayout layout) throws IOException {
        Map<String, Object> object = new LinkedHashMap<>();
        adminGroup.ifPresent(name -> object.put(GROUP, name));
        StateFile.write(layout.sharedMark(), object);
        Files.setPosixFilePermissions(layout.sharedMark(), PosixFilePermissions.fromString("rw-r--r--"));
    }

    /** The cache is its daemon's alone from now on, and what is copied for that daemon may not be for everyone. */
    public static void remove(CacheLayout layout) throws IOException {
        Files.deleteIfExists(layout.sharedMark());
    }
}
