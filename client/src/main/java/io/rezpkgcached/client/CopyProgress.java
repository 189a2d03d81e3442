package io.rezpkgcached.client;

import io.rezpkgcached.cache.copy.CopyMonitor;
import java.time.Duration;

/** Shows at a terminal how far one copy is: name, time left, bytes, files; the last ones only where there is room. */
final class CopyProgress implements AutoCloseable {
    private static final Duration SHOW_EVERY = Duration.ofMillis(200);

    /** A rate of less time says little. */
    private static final Duration GUESS_AFTER = Duration.ofSeconds(1);

    private final Progress line;
    private final String name;
    private final long begun = System.nanoTime();
    private final boolean shown;

    CopyProgress(Session session, String name) {
        this.line = new Progress(session.err(), session.errWidth());
        this.name = name;
        this.shown = session.isErrTerminal();
    }

    void show(long bytes, long totalBytes, long files, long totalFiles) {
        if (shown) {
            line.show(name, left(bytes, totalBytes),
                    Progress.bytes(bytes) + (totalBytes > 0 ? " of " + Progress.bytes(totalBytes) : ""),
                    files + (totalFiles > 0 ? " of " + totalFiles : "") + " files");
        }
    }

    private String left(long bytes, long totalBytes) {
        long took = System.nanoTime() - begun;
        if (bytes <= 0 || totalBytes < bytes || took < GUESS_AFTER.toNanos()) {
            return "";
        }
        return Progress.time(Duration.ofNanos((long) ((double) took * (totalBytes - bytes) / bytes))) + " left";
    }

    /** Shows a copy of this process until the result is closed. */
    Following follow(CopyMonitor monitor) {
        Thread thread = Thread.ofPlatform().name("progress").daemon().unstarted(() -> {
            try {
                while (true) {
                    show(monitor.bytesDone(), monitor.totalBytes(), monitor.filesDone(), monitor.totalFiles());
                    Thread.sleep(SHOW_EVERY);
                }
            } catch (InterruptedException _) {
                // the copy has ended
            }
        });
        if (shown) {
            thread.start();
        }
        return () -> {
            thread.interrupt();
            try {
                thread.join();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            close();
        };
    }

    /** Ends the showing. */
    @FunctionalInterface
    interface Following extends AutoCloseable {
        @Override
        void close();
    }

    @Override
    public void close() {
        line.clear();
    }
}
