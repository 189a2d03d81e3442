package io.rezpkgcached.cache.definition;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a package's definition file says, as far as caching needs it.
 *
 * @param file the package.py or package.yaml, in the package's folder
 * @param variants the requirements of each variant as the file spells them; empty where the package has none
 * @param cachable empty where the package leaves it to the configuration, as for {@code relocatable}
 * @param timestamp when it was released, in seconds since 1970
 */
public record Definition(Path file, Optional<List<List<String>>> variants, boolean hashedVariants,
        Optional<Boolean> cachable,
        Optional<Boolean> relocatable, OptionalLong timestamp) {

    public Definition {
        Objects.requireNonNull(file, "file");
        // rez gives a package with an empty list the one variant of a package without.
        variants = variants.filter(list -> !list.isEmpty()).map(list -> list.stream().map(List::copyOf).toList());
        Objects.requireNonNull(cachable, "cachable");
        Objects.requireNonNull(relocatable, "relocatable");
        Objects.requireNonNull(timestamp, "timestamp");
    }

    /** Whether the file is Python; YAML otherwise. */
    public boolean isPython() {
        return file.toString().endsWith(".py");
    }

    /** The package's folder. */
    public Path folder() {
        return Objects.requireNonNull(file.getParent(), "a definition file lies in a folder");
    }
}
