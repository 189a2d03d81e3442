package io.rezpkgcached.daemon;

import io.rezpkgcached.cache.access.WorldAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Looks, before a daemon serves a shared cache, whether everyone can read what it is to copy from. */
final class Repositories {
    /** Storage that does not answer now may answer later, and is not waited for. */
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);

    private Repositories() {}

    /** @throws RepositoryException that names the first one that is not there, or that not every user may read */
    static void check(List<Path> repositories) throws RepositoryException, InterruptedException {
        for (Path repository : repositories) {
            FutureTask<Optional<String>> look = new FutureTask<>(() -> problem(repository));
            Thread.ofPlatform().name("repository").daemon().start(look);
            try {
                Optional<String> problem = look.get(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
                if (problem.isPresent()) {
                    throw new RepositoryException("repositories has " + repository + ", and " + problem.get());
                }
            } catch (TimeoutException _) {
                // its requests wait, and the log then says why
            } catch (ExecutionException e) {
                throw new RepositoryException(
                        "repositories has " + repository + ", which cannot be read: " + e.getCause());
            }
        }
    }

    private static Optional<String> problem(Path repository) throws IOException {
        if (!Files.isDirectory(repository)) {
            return Optional.of("there is no such folder, or this user may not see it: mount it, or name another");
        }
        Optional<String> closed = WorldAccess.closed(repository.toRealPath());
        return closed.map(why -> why + ": open it to all, or name another");
    }
}
