package io.rezpkgcached.cache.publish;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.handle.MalformedHandleException;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.StateFile;
import io.rezpkgcached.cache.posix.Flock;
import io.rezpkgcached.cache.records.CopyRecord;
import io.rezpkgcached.cache.records.CopyRecords;
import io.rezpkgcached.cache.removal.TreeRemover;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The folder of one copy that is not complete: which variant it is of, its payload, and the record to be. Its name is
 * the token that a marker holds, by which the marker is known to be ours. Whoever copies holds a flock of the folder: one
 * that nobody holds was left behind. Several processes may copy into one cache.
 */
record StagingFolder(Path path, Flock held) implements AutoCloseable {
    /** Folders that are being made begin so: they are locked before they get the name by which others know them. */
    private static final String BEING_MADE = ".new-";

    static StagingFolder create(CacheLayout layout, Handle handle) throws IOException {
        while (true) {
            String token = UUID.randomUUID().toString();
            Path made = Files.createDirectory(layout.staging().resolve(BEING_MADE + token));
            Optional<Flock> lock = lock(made);
            if (lock.isPresent()) {
                return named(new StagingFolder(made, lock.get()), layout.staging().resolve(token), handle);
            }
            // A recovery took it for one that was left behind, before we had locked it. It is its, then.
        }
    }

    private static StagingFolder named(StagingFolder made, Path path, Handle handle) throws IOException {
        try {
            StateFile.write(made.intent(), Map.of("handle", handle.toTree()));
            return new StagingFolder(Files.move(made.path, path, StandardCopyOption.ATOMIC_MOVE), made.held);
        } catch (IOException e) {
            try (made) {
                new TreeRemover().remove(made.path); // on a full disk every try would leave one
            }
            throw e;
        }
    }

    private static Optional<Flock> lock(Path folder) throws IOException {
        try {
            return Flock.tryLockFolder(folder);
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    /** Takes a folder over; empty while somebody copies into it, or where somebody has just taken it away. */
    static Optional<StagingFolder> takeOver(Path path) throws IOException {
        return lock(path).map(lock -> new StagingFolder(path, lock));
    }

    /** Whether somebody is copying into the folder of a token. */
    static boolean isHeld(CacheLayout layout, String token) throws IOException {
        try {
            Optional<Flock> lock = Flock.tryLockFolder(layout.staging().resolve(token));
            lock.ifPresent(Flock::close);
            return lock.isEmpty();
        } catch (NoSuchFileException _) {
            return false;
        }
    }

    @Override
    public void close() {
        held.close();
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
