package io.rezpkgcached.resolve.pickle;

import java.util.Map;

/**
 * A member of rez's {@code ResolverStatus}.
 *
 * @param name such as {@code solved}
 */
public record PickledEnum(String name) {
    /** The value of each member: by it, or by the name, an enum is pickled. Source: rez 3.4.0, {@code resolver.py}. */
    static final Map<String, String> NAMES = Map.of( //
            "The resolve has not yet started.", "pending", //
            "The resolve has completed successfully.", "solved", //
            "The resolve is not possible.", "failed", //
            "The resolve was stopped by the user (via callback).", "aborted");

    String text() {
        return NAMES.entrySet().stream().filter(entry -> entry.getValue().equals(name)).findFirst().orElseThrow()
                .getKey();
    }
}
