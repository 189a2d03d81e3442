package io.rezpkgcached.integration;

import java.io.IOException;
import java.time.Duration;

/** Waits for what other processes do. */
final class Wait {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    private Wait() {}

    /** Something that can be looked at. */
    @FunctionalInterface
    interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    /** Looks until a condition holds; one that does not in time is a failure of the test, with its name. */
    static void until(Duration limit, String what, Condition condition) throws IOException, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() - end >= 0) {
                throw new AssertionError("not after " + limit.toSeconds() + " s: " + what);
            }
            Thread.sleep(LOOK_AGAIN);
        }
    }
}
