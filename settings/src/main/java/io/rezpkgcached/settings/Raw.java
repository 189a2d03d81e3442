package io.rezpkgcached.settings;

import java.util.List;
import java.util.Objects;

/**
 * What one file says about a setting, before types are checked.
 *
 * <p>Plain values are null, {@code Boolean}, {@code Long}, {@code BigInteger}, {@code Double}, {@code String}, {@code List} and
 * {@code Map}; anything else a file format can express stands as it is, and no type accepts it.
 */
sealed interface Raw {

    Origin origin();

    record Known(Object value, Origin origin) implements Raw {

        public Known {
            Objects.requireNonNull(origin, "origin");
        }
    }

    /** Python's {@code ModifyList}: adds to what the files before said. */
    record Modify(List<?> prepend, List<?> append, Origin origin) implements Raw {

        public Modify {
            prepend = List.copyOf(prepend);
            append = List.copyOf(append);
            Objects.requireNonNull(origin, "origin");
        }
    }

    /** Something is said, but what it is cannot be told. */
    record Unknown(String why, Origin origin) implements Raw {

        public Unknown {
            Objects.requireNonNull(why, "why");
            Objects.requireNonNull(origin, "origin");
        }
    }
}
