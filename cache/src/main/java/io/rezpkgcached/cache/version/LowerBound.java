package io.rezpkgcached.cache.version;

/** Where a contiguous range begins. */
record LowerBound(Version version, boolean inclusive) implements Comparable<LowerBound> {
    static final LowerBound NONE = new LowerBound(Version.EMPTY, true);

    @Override
    public int compareTo(LowerBound other) {
        int order = version.compareTo(other.version);
        return order != 0 ? order : Boolean.compare(other.inclusive, inclusive);
    }

    boolean contains(Version candidate) {
        int order = candidate.compareTo(version);
        return order > 0 || (inclusive && order == 0);
    }

    boolean isNone() {
        return equals(NONE);
    }

    @Override
    public String toString() {
        if (version.isEmpty()) {
            return inclusive ? "" : ">";
        }
        return inclusive ? version + "+" : ">" + version;
    }
}
