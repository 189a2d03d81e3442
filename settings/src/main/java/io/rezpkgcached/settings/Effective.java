package io.rezpkgcached.settings;

import java.util.Objects;

/**
 * One setting as it is in effect.
 *
 * @param value expanded, as text that could stand in our file
 */
public record Effective(String name, String value, Origin origin) {

    public Effective {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(origin, "origin");
    }
}
