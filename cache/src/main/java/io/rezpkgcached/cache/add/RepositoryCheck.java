package io.rezpkgcached.cache.add;

import io.rezpkgcached.cache.handle.Handle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Keeps reading within the configured repositories. Where none are configured everything is allowed; who may ask is
 * then for the caller to decide.
 */
final class RepositoryCheck {
    private final List<Path> repositories;

    RepositoryCheck(List<Path> repositories) {
        this.repositories = List.copyOf(repositories);
    }

    /**
     * Why nothing may be read for a handle: first by its text, then by where links lead. rez takes a repository by its
     * real path alone, and stops at a handle with another spelling, also when it lists the cache.
     */
    Optional<String> forbids(Handle handle) throws IOException {
        Path location = Path.of(handle.location());
        if (!repositories.isEmpty() && repositories.stream().noneMatch(location::startsWith)) {
            return Optional.of("location " + location + " is outside the setting repositories " + repositories);
        }
        if (!Files.exists(location)) {
            return Optional.empty(); // whether it will be there later is not for us to say
        }
        Optional<String> outside = forbids(location);
        String real = location.toRealPath().toString();
        return outside.isPresent() || handle.location().equals(real)
                ? outside
                : Optional.of("location " + handle.location() + " is really " + real
                        + ", and rez takes a repository by its real path alone");
    }

    /** Why a folder may not be read: links lead from it out of the repositories. */
    Optional<String> forbids(Path folder) throws IOException {
        Path real = folder.toRealPath();
        boolean within = repositories.isEmpty() || repositories.stream().anyMatch(real::startsWith)
                || repositories.stream().anyMatch(repository -> isWithinReal(real, repository));
        return within
                ? Optional.empty()
                : Optional.of(folder + " is really " + real + ", outside the setting repositories " + repositories);
    }

    /** A repository that cannot be looked at holds nothing; the others are not its concern. */
    private static boolean isWithinReal(Path real, Path repository) {
        try {
            return real.startsWith(repository.toRealPath());
        } catch (IOException _) {
            return false;
        }
    }
}
