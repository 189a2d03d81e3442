package io.rezpkgcached.settings;

import java.util.Locale;

/**
 * The declaration of one setting.
 *
 * @param prefix of the names of its environment variables
 * @param unset its plain value where nobody sets it
 * @param conversion from a plain value that was checked and expanded
 */
record Setting<T>(String name, Kind kind, String prefix, Object unset, Conversion<T> conversion) {

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
