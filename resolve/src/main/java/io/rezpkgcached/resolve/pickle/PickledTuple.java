package io.rezpkgcached.resolve.pickle;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A Python tuple; None is null. */
public record PickledTuple(List<Object> items) {
    public PickledTuple {
        items = Collections.unmodifiableList(new ArrayList<>(items)); // may hold null, which List.copyOf refuses
    }

    public static PickledTuple of(Object... items) {
        return new PickledTuple(new ArrayList<>(java.util.Arrays.asList(items)));
    }
}
