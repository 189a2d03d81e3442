package io.rezpkgcached.client;

import io.rezpkgcached.cache.posix.Posix;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets work come to an orderly end when the process is asked to end (Ctrl-C, SIGTERM): tells it so, and keeps the process
 * until it has, or for {@value #AT_MOST} s, or until it is asked again. The exit status is 128 and the number of the signal.
 */
final class BeforeTheEnd implements AutoCloseable {
    private static final int AT_MOST = 10;

    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook;

    private BeforeTheEnd(Runnable cancel) {
        hook = Thread.ofPlatform().name("end").unstarted(() -> {
            cancel.run();
            Posix.endAtOnceWhenSignalled();
            try {
                done.await(AT_MOST, TimeUnit.SECONDS);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** @param cancel asks the work to stop; from a thread of its own */
    static BeforeTheEnd run(Runnable cancel) {
        BeforeTheEnd end = new BeforeTheEnd(cancel);
        Runtime.getRuntime().addShutdownHook(end.hook);
        return end;
    }

    @Override
    public void close() {
        done.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // the process is ending
        }
    }
}
