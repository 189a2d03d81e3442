package io.rezpkgcached.cache.testing;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for something that another process or thread does. */
public final class Until {
    private static final int SECONDS = 30;

    private Until() {}

    /** Returns once a condition holds, and fails if it does not for half a minute. */
    public static void holds(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (!condition.call()) {
            if (System.nanoTime() - end > 0) {
                fail("not within " + SECONDS + " s: " + what);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }
}
