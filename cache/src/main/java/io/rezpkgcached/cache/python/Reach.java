package io.rezpkgcached.cache.python;

import java.util.Set;

/** The names through which code can set any name of the module. */
final class Reach {
    private static final Set<String> BUILTINS = Set.of("exec", "eval", "globals", "locals", "vars", "__builtins__");
    private static final Set<String> ATTRIBUTES = Set.of("exec", "eval", "globals", "_getframe", "currentframe",
            "f_globals", "f_locals",
            "f_back", "__globals__");

    private Reach() {}

    static boolean isUnbounded(String name, boolean attribute) {
        return attribute ? ATTRIBUTES.contains(name) : BUILTINS.contains(name);
    }
}
