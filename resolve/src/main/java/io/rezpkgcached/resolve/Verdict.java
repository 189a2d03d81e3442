package io.rezpkgcached.resolve;

import java.util.Objects;

/** Whether rez would take a resolve from the cache, and why. */
public sealed interface Verdict {

    /** One word for it. */
    default String word() {
        return switch (this) {
            case Hit _ -> "hit";
            case Miss _ -> "miss";
            case Stale _ -> "stale";
        };
    }

    /** The key in memcached that decided. */
    String key();

    /** For a person, to the package and the times that were compared. */
    String reason();

    /** The cache has it, and nothing has changed since. */
    record Hit(String key, String reason, Resolve resolve) implements Verdict {

        public Hit {
            Objects.requireNonNull(resolve, "resolve");
        }
    }

    /**
     * It has none, or a value that is no resolve, or does not answer.
     *
     * @param answered whether memcached said so, or it is off
     */
    record Miss(String key, String reason, boolean answered) implements Verdict {
        public Miss(String key, String reason) {
            this(key, reason, true);
        }
    }

    /**
     * It had one that is no longer true.
     *
     * @param discarded whether it has been deleted
     */
    record Stale(String key, String reason, boolean discarded) implements Verdict {}
}
