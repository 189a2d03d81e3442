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

    /** In rez's words, where it has words for it. */
    default String message() {
        return switch (this) {
            case RemovedUnused removed -> "Removed unused variant " + removed.uri() + " from cache";
            case RemovedStalled removed -> "Removed stalled variant " + removed.uri() + " from cache";
            case RemovedSpare removed ->
                "Removed spare copy of variant " + removed.uri() + " from cache: " + removed.payload();
            case Mended mended -> "Mended cache entry " + mended.payload() + ": " + mended.how();
            case Deleted deleted -> "Deleted " + deleted.path();
            case NotDeleted left -> "Could not delete " + left.path() + ": " + left.reason();
        };
    }

    /** Whether a person may want to look at it. */
    default boolean isWarning() {
        return this instanceof Mended || this instanceof NotDeleted;
    }
}
