package io.rezpkgcached.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * rez's settings for its package cache.
 *
 * @param path absolute; empty: caching is off
 * @param read whether contexts use the cache
 * @param write whether contexts add to the cache
 * @param maxVariantAge unused for longer: a clean removes the variant; zero: never; below zero: always
 * @param duringBuild whether builds use the cache
 * @param local whether variants of the local repository are cached
 * @param sameDevice whether variants on the device of the cache are cached
 * @param async whether contexts leave the copying to a daemon
 * @param cleanLimit time for the clean after an update; zero or below: no clean; below zero, contexts without anything to add start no
 *        daemon
 * @param maxLogAge logs older than this are deleted
 * @param spaceBuffer bytes to leave free on the disk; a negative number is always left free
 * @param usedThreshold per cent of the disk above which the buffer decides about each variant
 * @param tmpdir variants below it are not cached; text, since rez compares the text {@code tmpdir + "/"} with the start of a path
 */
public record CacheSettings(Optional<Path> path, boolean read, boolean write, Duration maxVariantAge,
        boolean duringBuild, boolean local, boolean sameDevice, boolean async, Duration cleanLimit, Duration maxLogAge,
        long spaceBuffer, long usedThreshold, String tmpdir) {

    public CacheSettings {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(maxVariantAge, "maxVariantAge");
        Objects.requireNonNull(cleanLimit, "cleanLimit");
        Objects.requireNonNull(maxLogAge, "maxLogAge");
        Objects.requireNonNull(tmpdir, "tmpdir");
    }
}
