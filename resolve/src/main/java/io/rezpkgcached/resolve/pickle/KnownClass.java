package io.rezpkgcached.resolve.pickle;

import java.util.Optional;

/** Everything that a pickle may name; whatever else it names is refused. */
public enum KnownClass {
    STATUS("rez.resolver", "ResolverStatus"), GRAPH("rez.vendor.pygraph.classes.digraph",
            "digraph"), OBJECT("__builtin__", "object"), GETATTR("__builtin__",
                    "getattr"), RECONSTRUCTOR("copy_reg", "_reconstructor");

    private final String module;
    private final String name;

    KnownClass(String module, String name) {
        this.module = module;
        this.name = name;
    }

    String module() {
        return module;
    }

    String pythonName() {
        return name;
    }

    /** Python 3 reads the old names of modules as well as its own. */
    static Optional<KnownClass> of(String module, String name) {
        String old = switch (module) {
            case "builtins" -> "__builtin__";
            case "copyreg" -> "copy_reg";
            default -> module;
        };
        for (KnownClass known : values()) {
            if (known.module.equals(old) && known.name.equals(name)) {
                return Optional.of(known);
            }
        }
        return Optional.empty();
    }
}
