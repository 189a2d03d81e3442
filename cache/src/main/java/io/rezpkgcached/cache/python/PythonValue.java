package io.rezpkgcached.cache.python;

import java.util.Objects;

/** What a name is bound to when a source file has been run to its end, so far as it can be known without running it. */
public sealed interface PythonValue {

    /** The line, counted from 1, of the statement that decided the value. */
    int line();

    /**
     * A value that is written out in the file.
     *
     * @param value a {@code String}, {@code Long}, {@code BigInteger}, {@code Double} or {@code Boolean}; an unmodifiable
     *        {@code List<Object>} for a list, tuple or set; an unmodifiable {@code Map<Object, Object>} in the order of the file; null for
     *        {@code None}
     */
    record Literal(Object value, int line) implements PythonValue {}

    /** A value that only Python itself could tell; {@code why} is a phrase for people. */
    record Computed(int line, String why) implements PythonValue {

        public Computed {
            Objects.requireNonNull(why, "why");
        }
    }
}
