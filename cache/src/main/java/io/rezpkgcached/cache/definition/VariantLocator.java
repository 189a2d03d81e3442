package io.rezpkgcached.cache.definition;

import io.rezpkgcached.cache.handle.Sha1;
import io.rezpkgcached.cache.python.PythonText;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/**
 * Tells where a variant's payload lies, as rez's {@code VariantResourceHelper._subpath} does.
 *
 * <p>Every folder that it names lies in the package's own, whatever the definition says.
 */
public final class VariantLocator {
    private final Shortlinks shortlinks;
    private final UnaryOperator<String> canonical;

    /**
     * A locator with rez's settings for short links.
     *
     * @param canonical prints a requirement as rez does; it throws IllegalArgumentException for what is none
     */
    public VariantLocator(Shortlinks shortlinks, UnaryOperator<String> canonical) {
        this.shortlinks = shortlinks;
        this.canonical = canonical;
    }

    /**
     * Where the variant is; {@code index} is empty for that of a package without variants.
     *
     * @throws IOException if the folder of short links cannot be read
     */
    public VariantLocation locate(Definition definition, OptionalInt index) throws IOException {
        int count = definition.variants().map(List::size).orElse(0);
        String uri = definition.file() + "[" + (index.isPresent() ? index.getAsInt() : "") + "]";
        if (index.isEmpty()) {
            return count == 0
                    ? new VariantLocation.At(definition.folder(), uri)
                    : new VariantLocation.NoSuchVariant(
                            "the package has " + count + " variants, and no index is given: " + uri);
        }
        if (index.getAsInt() < 0 || index.getAsInt() >= count) {
            return new VariantLocation.NoSuchVariant("the package has " + count + " variants: " + uri);
        }
        List<String> requirements;
        try {
            requirements = definition.variants().orElseThrow().get(index.getAsInt()).stream().map(canonical).toList();
        } catch (IllegalArgumentException e) {
            return new VariantLocation.NoFolder(
                    "a requirement that rez would not take: " + e.getMessage() + ": " + uri);
        }
        return definition.hashedVariants()
                ? hashed(definition, requirements, uri)
                : plain(definition, requirements, uri);
    }

    private VariantLocation hashed(Definition definition, List<String> requirements, String uri) throws IOException {
        Path folder = definition.folder().resolve(Sha1.hex(PythonText.reprList(requirements)));
        return new VariantLocation.At(shortlinks.find(definition.folder(), folder).orElse(folder), uri);
    }

    private static VariantLocation plain(Definition definition, List<String> requirements, String uri) {
        if (requirements.isEmpty()) {
            return new VariantLocation.NoFolder(
                    "a variant without requirements, which rez cannot place unless hashed_variants is true: " + uri);
        }
        Path folder = definition.folder();
        for (String requirement : requirements) {
            if (!isPlainName(requirement)) {
                return new VariantLocation.NoFolder(
                        "a requirement that leads out of the package, '" + requirement + "': " + uri);
            }
            folder = folder.resolve(requirement);
        }
        return new VariantLocation.At(folder, uri);
    }

    /** Whether a text names an entry of a folder, and no other place. */
    static boolean isPlainName(String name) {
        if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('/') >= 0) {
            return false;
        }
        try {
            return Path.of(name).getNameCount() == 1;
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
