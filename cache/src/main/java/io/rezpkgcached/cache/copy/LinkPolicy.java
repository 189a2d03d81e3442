package io.rezpkgcached.cache.copy;

import java.nio.file.Path;
import java.util.List;

/**
 * Which symbolic links that leave a payload are followed, that is, replaced by a copy of what they lead to.
 *
 * @param repositories real paths: links into these folders are followed, all others that leave the payload are kept and never read.
 *        Empty: links to anywhere are followed
 */
public record LinkPolicy(List<Path> repositories) {
    public LinkPolicy {
        repositories = List.copyOf(repositories);
        for (Path repository : repositories) {
            if (!repository.isAbsolute()) {
                throw new IllegalArgumentException("not an absolute path: " + repository);
            }
        }
    }

    /** Whether a link whose end is this real path, outside the payload, is followed. */
    boolean follows(Path end) {
        return repositories.isEmpty() || repositories.stream().anyMatch(end::startsWith);
    }
}
