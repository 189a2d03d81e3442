package io.rezpkgcached.resolve.pickle;

import java.util.LinkedHashMap;
import java.util.Map;

/** A Python object of one of the {@linkplain KnownClass known classes}, as its fields; it is never made. */
public final class PickledObject {
    private final KnownClass type;
    private final Map<String, Object> fields = new LinkedHashMap<>();

    public PickledObject(KnownClass type) {
        this.type = type;
    }

    public KnownClass type() {
        return type;
    }

    public Map<String, Object> fields() {
        return fields;
    }
}
