package io.rezpkgcached.cache.testing;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for what another thread or process is about to do. */
public final class Await {
    private static final Duration LOOK_EVERY = Duration.ofMillis(2);

    private Await() {}

    /** Returns as soon as a condition holds; fails if it does not in time. */
    public static void until(Duration limit, String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() - end > 0) {
                fail("not within " + limit + ": " + what);
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }
}
