package io.rezpkgcached.daemon;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits for conditions, for a bounded time. */
final class Await {
    static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

    private Await() {}

    @FunctionalInterface
    interface Condition {
        boolean holds() throws Exception;
    }

    /** Says what the state is, for the message. */
    @FunctionalInterface
    interface State {
        String describe() throws Exception;
    }

    static void until(String what, Condition condition) throws Exception {
        until(what, LONG, () -> "", condition);
    }

    static void until(String what, Duration atMost, State state, Condition condition) throws Exception {
        long end = System.nanoTime() + atMost.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() - end > 0) {
                fail("not within " + atMost + ": " + what + "\n" + state.describe());
            }
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
    }

    /** Asserts that a condition holds all the time for a while. */
    static void always(String what, Duration time, Condition condition) throws Exception {
        long end = System.nanoTime() + time.toNanos();
        do {
            if (!condition.holds()) {
                fail("no longer: " + what);
            }
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        } while (System.nanoTime() - end < 0);
    }
}
