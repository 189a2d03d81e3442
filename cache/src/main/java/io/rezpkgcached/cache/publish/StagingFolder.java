package io.rezpkgcached.cache.publish;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.handle.MalformedHandleException;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.StateFile;
import io.rezpkgcached.cache.records.CopyRecord;
import io.rezpkgcached.cache.records.CopyRecords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The folder of one copy that is not complete: which variant it is of, its payload, and the record to be. Its name is
 * the token that a marker holds, by which the marker is known to be ours.
 */
record StagingFolder(Path path) {
    static StagingFolder create(CacheLayout layout, Handle handle) throws IOException {
        StagingFolder staging = new StagingFolder(layout.staging().resolve(UUID.randomUUID().toString()));
        Files.createDirectory(staging.path);
        try {
            StateFile.write(staging.intent(), Map.of("handle", handle.toTree()));
        } catch (IOException e) {
            Files.delete(staging.path); // on a full disk every try would leave one
            throw e;
        }
        return staging;
    }

    String token() {
        return path.getFileName().toString();
    }

    Path payload() {
        return path.resolve("payload");
    }

    Path newMarker() {
        return path.resolve("marker");
    }

    Path newIndex() {
        return path.resolve("index");
    }

    private Path intent() {
        return path.resolve("intent.json");
    }

    /** The variant that was being copied; empty if a power cut came before that was written. */
    Optional<Handle> handle() throws IOException {
        Optional<Map<String, Object>> intent = StateFile.read(intent());
        if (intent.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Handle.parse(intent.get().get("handle")));
        } catch (MalformedHandleException _) {
            return Optional.empty();
        }
    }

    /** The record, written here before the payload is published, so that a crash cannot part the two. */
    Path draft() {
        return path.resolve("record.json");
    }

    Optional<CopyRecord> draftRecord() throws IOException {
        return CopyRecords.read(draft());
    }
}
