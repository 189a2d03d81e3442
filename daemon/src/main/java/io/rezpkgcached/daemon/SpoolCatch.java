package io.rezpkgcached.daemon;

import io.rezpkgcached.cache.posix.NewFiles;
import io.rezpkgcached.cache.spool.RequestFile;
import io.rezpkgcached.cache.spool.RequestReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Reads requests in the moment in which they are written. In a shared cache rez in sync mode tries to copy by itself, may not, and deletes its
 * own request some milliseconds after it wrote it. The look at the spool remains the truth: what is missed here and is still there, it finds.
 */
final class SpoolCatch implements AutoCloseable {
    private static final Duration LOOK_WHETHER_CLOSED = Duration.ofMillis(500);

    private final NewFiles files;
    private final RequestReader reader;
    private final Consumer<RequestFile.Complete> caught;
    private volatile boolean closed;

    private SpoolCatch(NewFiles files, RequestReader reader, Consumer<RequestFile.Complete> caught) {
        this.files = files;
        this.reader = reader;
        this.caught = caught;
    }

    static SpoolCatch start(Path spool, RequestReader reader, Consumer<RequestFile.Complete> caught)
            throws IOException {
        SpoolCatch started = new SpoolCatch(NewFiles.in(spool), reader, caught);
        Thread.ofPlatform().name("catch").daemon().start(started::run);
        return started;
    }

    private void run() {
        try (files) {
            while (!closed) {
                for (Path file : files.await(LOOK_WHETHER_CLOSED)) {
                    if (reader.read(file) instanceof RequestFile.Complete complete) {
                        caught.accept(complete);
                    }
                }
            }
        } catch (IOException _) {
            // the looks at the spool find what is there
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
