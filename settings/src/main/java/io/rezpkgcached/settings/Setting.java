package io.rezpkgcached.settings;

import java.util.Locale;

/**
 * The declaration of one setting; there is one of each name.
 *
 * @param prefix of the names of its environment variables
 * @param unset its plain value where nobody sets it
 * @param conversion from a plain value that was checked and expanded
 */
record Setting<T>(String name, Kind kind, String prefix, Object unset, Conversion<T> conversion) {

    /** Written out, as is {@link #hashCode}: what a record has of itself is made at run time, which an AOT cache does not hold. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Setting<?> setting && name.equals(setting.name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    interface Conversion<T> {

        T of(Object plain, Surroundings surroundings) throws BadValue;
    }

    String variable() {
        return prefix + name.toUpperCase(Locale.ROOT);
    }

    T convert(Object plain, Surroundings surroundings) throws BadValue {
        return conversion.of(plain, surroundings);
    }
}
