package io.rezpkgcached.cache.spool;

import java.nio.file.Path;

/**
 * A folder of requests.
 *
 * @param path     every name in it is a request
 * @param priority requests of a lower number are served first
 */
public record SpoolFolder(Path path, int priority) {
    /** What rez and people wait for. */
    public static SpoolFolder pending(Path path) {
        return new SpoolFolder(path, 0);
    }
}
