package io.rezpkgcached.cache.clean;

import io.rezpkgcached.cache.handle.Handle;
import java.nio.file.Path;

/** What a clean did, for the caller to log. */
public sealed interface CleanEvent {
    /** A cached variant that nobody used for too long was removed. */
    record RemovedUnused(Handle handle, String uri) implements CleanEvent {}

    /** A stalled variant was removed, and may be requested again. */
    record RemovedStalled(Handle handle, String uri) implements CleanEvent {}

    /** The second of two entries of one handle was removed. */
    record RemovedSpare(Handle handle, String uri, Path payload) implements CleanEvent {}

    /** What a killed process had left of an entry was put right. */
    record Mended(Path payload, String how) implements CleanEvent {}

    /** A removed payload was purged. */
    record Deleted(Path path) implements CleanEvent {}

    /** Something could not be deleted; it is tried again by the next clean. */
    record NotDeleted(Path path, String reason) implements CleanEvent {}
}
