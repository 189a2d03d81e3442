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

    /** Why nothing may be read for a handle: first by its text, then by where links lead. */
    Optional<String> forbids(Handle handle) throws IOException {
        Path location = Path.of(handle.location());
        if (!repositories.isEmpty() && repositories.stream().noneMatch(location::startsWith)) {
            return Optional.of("location " + location + " is outside the setting repositories " + repositories);
        }
        return Files.exists(location) ? forbids(location) : Optional.empty();
    }

    /** Why a folder may not be read: links lead from it out of the repositories. */
    Optional<String> forbids(Path folder) throws IOException {
        if (repositories.isEmpty()) {
            return Optional.empty();
        }
        Path real = folder.toRealPath();
        for (Path repository : repositories) {
            if (real.startsWith(repository.toRealPath())) {
                return Optional.empty();
            }
        }
        return Optional.of(folder + " is really " + real + ", outside the setting repositories " + repositories);
    }
}
