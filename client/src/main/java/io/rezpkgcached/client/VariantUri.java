package io.rezpkgcached.client;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.settings.RepositoryPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;

/**
 * The URI of a variant, {@code <repository>/<name>[/<version>]/package.py[<index>]}, as rez resolves it
 * ({@code get_variant_from_uri}): the repository is one of {@code packages_path}, and the name of the file does not
 * matter.
 */
final class VariantUri {
    private VariantUri() {}

    /** The URI names nothing that there could be. */
    static final class NoSuchVariantException extends IOException {
        private static final long serialVersionUID = 1L;

        NoSuchVariantException(String uri, String why) {
            super("No such variant: " + uri + (why.isEmpty() ? "" : " (" + why + ")"));
        }
    }

    /** The same as {@link #parse}, where it does not matter why there is none. */
    static Optional<Handle> find(String uri, List<RepositoryPath> repositories) throws IOException {
        try {
            return Optional.of(parse(uri, repositories));
        } catch (NoSuchVariantException _) {
            return Optional.empty();
        }
    }

    /** The variant of a package that there is. */
    static Handle parse(String uri, List<RepositoryPath> repositories) throws IOException {
        return parse(uri, repositories, Files::isDirectory);
    }

    /** The same of a package that may be gone, or whose repository cannot be reached. */
    static Optional<Handle> findAlsoGone(String uri, List<RepositoryPath> repositories) throws IOException {
        try {
            return Optional.of(parse(uri, repositories, _ -> true));
        } catch (NoSuchVariantException _) {
            return Optional.empty();
        }
    }

    private static Handle parse(String uri, List<RepositoryPath> repositories, Predicate<Path> counts)
            throws IOException {
        int bracket = uri.lastIndexOf('[');
        if (bracket < 0 || !uri.endsWith("]")) {
            throw new NoSuchVariantException(uri, "");
        }
        OptionalInt index = index(uri, uri.substring(bracket + 1, uri.length() - 1));
        Path folder = Path.of(uri.substring(0, bracket)).toAbsolutePath().normalize().getParent();
        try {
            for (RepositoryPath repository : repositories) {
                if (repository.folder().filter(counts).isPresent() && folder != null && counts.test(folder)) {
                    Optional<Handle> handle = within(repository.folder().get(), folder, index);
                    if (handle.isPresent()) {
                        return handle.get();
                    }
                }
            }
        } catch (IllegalArgumentException e) {
            throw new NoSuchVariantException(uri, e.getMessage());
        }
        throw new NoSuchVariantException(uri, "it is in no repository of packages_path");
    }

    /** A handle has the real path of its repository. */
    private static Optional<Handle> within(Path repository, Path folder, OptionalInt index) throws IOException {
        Path real = Files.isDirectory(repository) ? repository.toRealPath() : repository;
        Path relative = folder.startsWith(repository)
                ? repository.relativize(folder)
                : folder.startsWith(real) ? real.relativize(folder) : Path.of("");
        String name = relative.getName(0).toString();
        return switch (relative.getNameCount()) {
            case 1 -> name.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Handle.of(real.toString(), name, Optional.empty(), index));
            case 2 -> Optional.of(Handle.of(real.toString(), name, Optional.of(relative.getName(1).toString()), index));
            default -> Optional.empty();
        };
    }

    private static OptionalInt index(String uri, String text) throws IOException {
        if (text.isEmpty()) {
            return OptionalInt.empty();
        }
        try {
            return OptionalInt.of(Integer.parseInt(text));
        } catch (NumberFormatException _) {
            throw new NoSuchVariantException(uri, "its index is no number");
        }
    }
}
