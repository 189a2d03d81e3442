package io.rezpkgcached.resolve.pickle;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** A Python tuple; None is null. */
public final class PickledTuple implements Comparable<PickledTuple> {
    private final List<Object> items;

    private PickledTuple(Object[] items) {
        this.items = Collections.unmodifiableList(Arrays.asList(items)); // may hold null, which List.of refuses
    }

    public static PickledTuple of(Object... items) {
        return new PickledTuple(items.clone());
    }

    public List<Object> items() {
        return items;
    }

    /**
     * An order of those that are keys, which hold texts and numbers only: by it a dictionary finds one among thousands that were made to
     * have the same hash.
     */
    @Override
    public int compareTo(PickledTuple other) {
        int order = Integer.compare(items.size(), other.items.size());
        for (int i = 0; order == 0 && i < items.size(); i++) {
            order = compare(items.get(i), other.items.get(i));
        }
        return order;
    }

    private static int compare(Object one, Object other) {
        if (one instanceof String text && other instanceof String otherText) {
            return text.compareTo(otherText);
        }
        if (one instanceof Long number && other instanceof Long otherNumber) {
            return Long.compare(number, otherNumber);
        }
        return Boolean.compare(one instanceof String, other instanceof String);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PickledTuple tuple && items.equals(tuple.items);
    }

    @Override
    public int hashCode() {
        return items.hashCode();
    }

    /** For people; of what holds other values, and may hold this one, no more than that it is there. */
    @Override
    public String toString() {
        return items.stream().map(item -> item == null || item instanceof String || item instanceof Number
                ? String.valueOf(item)
                : "...").collect(Collectors.joining(", ", "(", ")"));
    }
}
