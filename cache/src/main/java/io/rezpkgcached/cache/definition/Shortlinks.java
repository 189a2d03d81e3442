package io.rezpkgcached.cache.definition;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The folder of symbolic links with short names that rez makes beside hashed variants.
 *
 * @param use {@code use_variant_shortlinks}
 * @param folder {@code variant_shortlinks_dirname}
 */
public record Shortlinks(boolean use, String folder) {

    public Shortlinks {
        if (use && !VariantLocator.isPlainName(folder)) {
            throw new IllegalArgumentException("variant_shortlinks_dirname is no name of a folder: '" + folder + "'");
        }
    }

    /** What rez does unless it is told otherwise. */
    public static Shortlinks defaults() {
        return new Shortlinks(true, "_v");
    }

    /**
     * The link in the package's folder that leads to the variant's; of several the one that comes first in the directory, as in rez.
     *
     * @throws IOException if the folder of links is there and cannot be read
     */
    Optional<Path> find(Path packageFolder, Path variantFolder) throws IOException {
        if (!use) {
            return Optional.empty();
        }
        Path links = packageFolder.resolve(folder);
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(links)) {
            for (Path entry : entries) {
                if (Files.isSymbolicLink(entry) && leadsTo(entry, variantFolder)) {
                    return Optional.of(entry);
                }
            }
            return Optional.empty();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        } catch (NoSuchFileException | NotDirectoryException e) {
            // A repository that was never built into with short links has no such folder.
            return Optional.empty();
        }
    }

    // By its text, as rez does: what the link leads to need not exist.
    private static boolean leadsTo(Path link, Path folder) throws IOException {
        Path target = Files.readSymbolicLink(link);
        return target.isAbsolute() ? target.equals(folder) : link.resolveSibling(target).normalize().equals(folder);
    }
}
