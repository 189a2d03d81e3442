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

    /** Written out, as hashCode: those of a record are made at run time, in milliseconds that a command does not have. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Setting<?> setting && name.equals(setting.name) && prefix.equals(setting.prefix);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    String variable() {
        return prefix.concat(name.toUpperCase(Locale.ROOT)); // not by +, whose code is made at run time
    }

    T convert(Object plain, Surroundings surroundings) throws BadValue {
        return conversion.of(plain, surroundings);
    }
}
