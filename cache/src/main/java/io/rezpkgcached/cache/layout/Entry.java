package io.rezpkgcached.cache.layout;

import java.nio.file.Path;

/**
 * The place of one variant in a hash directory: payload {@code <inc>}, index {@code <inc>.json}, and the marker
 * {@code .copying-<inc>} that exists while it is copied.
 *
 * @param hashDirectory the directory of all three
 * @param increment     rez's base-26 name, such as {@code a}
 */
public record Entry(Path hashDirectory, String increment) {
    /** How rez's names for markers begin. */
    public static final String MARKER_PREFIX = ".copying-";

    /** How the names of index files end. */
    public static final String INDEX_SUFFIX = ".json";

    public Path payload() {
        return hashDirectory.resolve(increment);
    }

    public Path index() {
        return hashDirectory.resolve(increment + INDEX_SUFFIX);
    }

    public Path marker() {
        return hashDirectory.resolve(MARKER_PREFIX + increment);
    }

    @Override
    public String toString() {
        return payload().toString();
    }
}
