package io.rezpkgcached.cache.definition;

import java.nio.file.Path;
import java.util.Objects;

/** Where a variant's payload lies. */
public sealed interface VariantLocation {

    /**
     * The variant's folder, which need not exist.
     *
     * @param root the folder, through a short link where rez would use one
     * @param uri how rez names the variant
     */
    record At(Path root, String uri) implements VariantLocation {

        public At {
            Objects.requireNonNull(root, "root");
            Objects.requireNonNull(uri, "uri");
        }
    }

    /** The definition has no variant of this index. */
    record NoSuchVariant(String reason) implements VariantLocation {}

    /** The definition names no folder for the variant, or one outside of the package's own. */
    record NoFolder(String reason) implements VariantLocation {}
}
