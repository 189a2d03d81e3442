package io.rezpkgcached.cache.version;

import java.util.Optional;

/** Where a contiguous range ends; no version means that it has no end. */
record UpperBound(Optional<Version> version, boolean inclusive) implements Comparable<UpperBound> {
    static final UpperBound NONE = new UpperBound(Optional.empty(), true);

    static UpperBound of(Version version, boolean inclusive) throws VersionException {
        if (version.isEmpty() && !inclusive) {
            throw new VersionException("range", "<", "no version is smaller than the empty one");
        }
        return new UpperBound(Optional.of(version), inclusive);
    }

    @Override
    public int compareTo(UpperBound other) {
        int order = compareVersions(version, other.version);
        return order != 0 ? order : Boolean.compare(inclusive, other.inclusive);
    }

    private static int compareVersions(Optional<Version> left, Optional<Version> right) {
        if (left.isEmpty() || right.isEmpty()) {
            return Boolean.compare(left.isEmpty(), right.isEmpty());
        }
        return left.get().compareTo(right.get());
    }

    /** How the version of this bound compares with that of a lower one. */
    int compareVersion(LowerBound lower) {
        return compareVersions(version, Optional.of(lower.version()));
    }

    boolean contains(Version candidate) {
        int order = compareVersions(Optional.of(candidate), version);
        return order < 0 || (inclusive && order == 0);
    }

    boolean isNone() {
        return version.isEmpty();
    }

    @Override
    public String toString() {
        return (inclusive ? "<=" : "<") + version.map(Version::toString).orElse("[INF]");
    }
}
