package io.rezpkgcached.cache.version;

import java.util.Comparator;
import java.util.Optional;

/** One contiguous range of versions, never an impossible one. Source: {@code _Bound} of rez 3.4.0. */
record Bound(LowerBound lower, UpperBound upper) implements Comparable<Bound> {
    static final Bound ANY = new Bound(LowerBound.NONE, UpperBound.NONE);

    private static final Comparator<Bound> ORDER = Comparator.comparing(Bound::lower).thenComparing(Bound::upper);

    Bound {
        if (isEmpty(lower, upper)) {
            throw new IllegalArgumentException("no version is in " + lower + upper);
        }
    }

    /** The range between two bounds, which may have been written by a person. */
    static Bound of(LowerBound lower, UpperBound upper) throws VersionException {
        if (isEmpty(lower, upper)) {
            throw new VersionException("range", lower.toString() + upper, "no version can be in it");
        }
        return new Bound(lower, upper);
    }

    private static boolean isEmpty(LowerBound lower, UpperBound upper) {
        int order = upper.compareVersion(lower);
        return order < 0 || (order == 0 && !(lower.inclusive() && upper.inclusive()));
    }

    /** What both contain. Of equal bounds this one's are kept, as rez does: their separators may differ. */
    Optional<Bound> intersection(Bound other) {
        LowerBound highest = other.lower.compareTo(lower) > 0 ? other.lower : lower;
        UpperBound lowest = other.upper.compareTo(upper) < 0 ? other.upper : upper;
        return isEmpty(highest, lowest) ? Optional.empty() : Optional.of(new Bound(highest, lowest));
    }

    boolean contains(Version version) {
        return lower.contains(version) && upper.contains(version);
    }

    @Override
    public int compareTo(Bound other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        if (upper.isNone()) {
            return lower.toString();
        }
        Version first = lower.version();
        Version last = upper.version().orElseThrow();
        if (first.equals(last)) {
            return "==" + first;
        }
        if (lower.inclusive() && upper.inclusive()) {
            return first.isEmpty() ? "<=" + last : first + ".." + last;
        }
        if (lower.inclusive() && !first.isEmpty() && first.next().equals(last)) {
            return first.toString();
        }
        return lower.toString() + upper;
    }
}
