package io.rezpkgcached.daemon;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;

/**
 * Wakes the loop when names come into the spool. An event, an overflow, or the loss of the folder all say the same: look.
 */
final class SpoolWatch implements AutoCloseable {
    private final WatchService service;
    private final Runnable changed;
    private final Runnable lost;

    private SpoolWatch(WatchService service, Runnable changed, Runnable lost) {
        this.service = service;
        this.changed = changed;
        this.lost = lost;
    }

    /**
     * Starts to watch.
     *
     * @param changed is run when there may be something new
     * @param lost    is run when a folder has gone, of which there will be no more events
     * @throws IOException if that is not possible, as when the inotify instances or watches of the user are used up
     */
    static SpoolWatch start(List<Path> folders, Runnable changed, Runnable lost) throws IOException {
        WatchService service = folders.getFirst().getFileSystem().newWatchService();
        try {
            for (Path folder : folders) {
                // A file that rez writes in place is created empty and modified when its text comes.
                WatchEvent.Kind<?>[] kinds = {StandardWatchEventKinds.ENTRY_CREATE,
                        StandardWatchEventKinds.ENTRY_MODIFY};
                folder.register(service, kinds);
            }
        } catch (IOException e) {
            service.close();
            throw e;
        }
        SpoolWatch watch = new SpoolWatch(service, changed, lost);
        Thread.ofPlatform().name("watch").daemon().start(watch::run);
        return watch;
    }

    private void run() {
        try {
            while (true) {
                WatchKey key = service.take();
                key.pollEvents(); // what they say does not matter
                changed.run();
                if (!key.reset()) {
                    lost.run();
                }
            }
        } catch (ClosedWatchServiceException | InterruptedException _) {
            // closed: the daemon stops
        }
    }

    @Override
    public void close() throws IOException {
        service.close();
    }
}
