package io.rezpkgcached.cache.version;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A set of versions, such as {@code 1.0+<2|5}: contiguous ranges in ascending order.
 *
 * <p>Printed as rez prints it. Equal ranges contain the same versions, but two that do may differ in form, as in rez:
 * {@code 1} equals {@code 1+<1_}. Source: {@code VersionRange} of rez 3.4.0.
 */
public final class VersionRange {
    /** All versions. */
    public static final VersionRange ANY = new VersionRange(List.of(Bound.ANY));

    private final List<Bound> bounds;

    private VersionRange(List<Bound> bounds) {
        this.bounds = List.copyOf(bounds);
    }

    /**
     * Reads a range; the empty text is any version.
     *
     * @throws VersionException if the syntax is wrong, a part such as {@code 3+<2} is impossible, or the text too long
     */
    public static VersionRange parse(String text) throws VersionException {
        VersionException.checkLength("range", text);
        List<Bound> bounds = RangeParser.parse(text);
        return bounds.isEmpty() ? ANY : new VersionRange(merged(bounds));
    }

    /** Whether all versions are in this range. */
    public boolean isAny() {
        return equals(ANY);
    }

    /** Whether a version is in this range. */
    public boolean contains(Version version) {
        return bounds.stream().anyMatch(bound -> bound.contains(version));
    }

    /** The versions that are in this range, in the other, or in both. */
    public VersionRange union(VersionRange other) {
        List<Bound> all = new ArrayList<>(bounds);
        all.addAll(other.bounds);
        return new VersionRange(merged(all));
    }

    /** The versions that are in both ranges, or nothing where there are none. */
    public Optional<VersionRange> intersection(VersionRange other) {
        List<Bound> common = new ArrayList<>();
        int mine = 0;
        int theirs = 0;
        while (mine < bounds.size() && theirs < other.bounds.size()) {
            Bound left = bounds.get(mine);
            Bound right = other.bounds.get(theirs);
            left.intersection(right).ifPresent(common::add);
            if (left.upper().compareTo(right.upper()) < 0) {
                mine++;
            } else {
                theirs++;
            }
        }
        return common.isEmpty() ? Optional.empty() : Optional.of(new VersionRange(common));
    }

    /**
     * The versions that are not in this range, or nothing where all are.
     *
     * @throws VersionException for the few ranges that rez cannot invert, since it has left them in two parts that meet,
     *         such as {@code 1..5|2|>5}
     */
    public Optional<VersionRange> inverse() throws VersionException {
        List<Bound> gaps = new ArrayList<>();
        LowerBound start = LowerBound.NONE;
        boolean open = true;
        for (Bound bound : bounds) {
            LowerBound lower = bound.lower();
            if (!lower.isNone()) {
                gaps.add(Bound.of(start, UpperBound.of(lower.version(), !lower.inclusive())));
            }
            UpperBound upper = bound.upper();
            open = !upper.isNone();
            start = open ? new LowerBound(upper.version().orElseThrow(), !upper.inclusive()) : LowerBound.NONE;
        }
        if (open) {
            gaps.add(Bound.of(start, UpperBound.NONE));
        }
        return gaps.isEmpty() ? Optional.empty() : Optional.of(new VersionRange(gaps));
    }

    /** Joins what overlaps or meets, by rez's rule, which looks at the end of the previous range, not the furthest one. */
    private static List<Bound> merged(List<Bound> bounds) {
        List<Bound> sorted = bounds.stream().sorted().toList();
        List<Bound> merged = new ArrayList<>();
        Bound previous = sorted.getFirst();
        LowerBound lower = previous.lower();
        UpperBound upper = previous.upper();
        for (Bound bound : sorted.subList(1, sorted.size())) {
            int gap = -upper.compareVersion(bound.lower());
            if (gap > 0 || (gap == 0 && !bound.lower().inclusive() && !previous.upper().inclusive())) {
                merged.add(new Bound(lower, upper));
                lower = bound.lower();
            }
            previous = bound;
            upper = bound.upper().compareTo(upper) > 0 ? bound.upper() : upper;
        }
        merged.add(new Bound(lower, upper));
        return merged;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VersionRange range && bounds.equals(range.bounds);
    }

    @Override
    public int hashCode() {
        return bounds.hashCode();
    }

    /** The canonical form. */
    @Override
    public String toString() {
        return bounds.stream().map(Bound::toString).collect(Collectors.joining("|"));
    }
}
