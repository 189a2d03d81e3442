package io.rezpkgcached.daemon;

import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.StateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** {@code daemon.json}: which process serves the cache, for people and commands. The lock, not this file, decides. */
final class DaemonFile {
    private final CacheLayout layout;

    DaemonFile(CacheLayout layout) {
        this.layout = layout;
    }

    /** @param socket where it listens; empty if it does not */
    void write(String version, Instant since, Optional<Path> socket) throws IOException {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("pid", ProcessHandle.current().pid());
        object.put("version", version);
        object.put("since", since.toString());
        socket.ifPresent(path -> object.put("socket", path.toString()));
        StateFile.write(layout.daemonFile(), object);
        Files.setPosixFilePermissions(layout.daemonFile(), PosixFilePermissions.fromString("rw-r--r--"));
    }

    void delete() throws IOException {
        Files.deleteIfExists(layout.daemonFile());
    }

    /** The daemon that wrote it, in words. */
    String describe() throws IOException {
        Optional<Map<String, Object>> object = StateFile.read(layout.daemonFile());
        return object.map(found -> "pid " + found.get("pid") + ", version " + found.get("version") + ", since "
                + found.get("since")).orElse("a process that has not yet said who it is");
    }
}
