package io.rezpkgcached.daemon;

import java.io.IOException;
import org.apache.commons.daemon.Daemon;
import org.apache.commons.daemon.DaemonContext;
import org.apache.commons.daemon.DaemonController;
import org.apache.commons.daemon.DaemonInitException;

/** The daemon for launchers of Apache Commons Daemon, such as jsvc, with the same arguments as in the foreground. */
public final class Service implements Daemon {
    private CacheDaemon daemon;
    private DaemonController controller;

    @Override
    public void init(DaemonContext context) throws DaemonInitException, InterruptedException {
        controller = context.getController();
        try {
            if (!(Arguments.parse(context.getArguments()) instanceof Arguments.Serve serve)) {
                throw new DaemonInitException("only --config FILE and CACHE_DIR make sense for a service");
            }
            daemon = Foreground.open(serve);
        } catch (Arguments.UsageException | StartException e) {
            throw new DaemonInitException(e.getMessage(), e);
        }
    }

    @Override
    public void start() {
        Thread.ofPlatform().name("loop").start(this::run);
    }

    private void run() {
        try {
            switch (daemon.run()) {
                case STOPPED -> {
                    // jsvc has asked for it
                }
                case IDLE -> controller.shutdown();
                case LOST -> controller.fail("the cache's .sys was deleted or replaced: start the daemon again");
            }
        } catch (IOException | RuntimeException e) {
            controller.fail("the daemon ended", e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void stop() throws InterruptedException {
        daemon.stop(Foreground.STOP_WITHIN);
    }

    @Override
    public void destroy() {
        daemon.close();
    }
}
