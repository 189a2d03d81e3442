package io.rezpkgcached.cache.copy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Which symbolic links that leave a payload are followed, that is, replaced by a copy of what they lead to.
 *
 * @param repositories links into these folders are followed, all others that leave the payload are kept and never read. Empty: links to
 *        anywhere are followed
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
        return repositories.isEmpty() || repositories.stream().anyMatch(end::startsWith)
                || repositories.stream().anyMatch(repository -> leadsTo(repository, end));
    }

    /**
     * Looked at only when a link asks for it, by the copy that has the link: a repository that does not answer must hold up nobody else.
     * One that cannot be looked at holds nothing.
     */
    private static boolean leadsTo(Path repository, Path end) {
        try {
            return end.startsWith(repository.toRealPath());
        } catch (IOException _) {
            return false;
        }
    }
}
