package io.rezpkgcached.cache.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final int MEBI = 1 << 20;

    @Test
    void take_limited_lastsAtLeastAsLongAsTheRateSays() {
        Pace pace = Pace.bytesPerSecond(10L * MEBI);
        long before = System.nanoTime();
        for (int i = 0; i < 4; i++) {
            pace.take(MEBI, () -> false);
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before);
        assertTrue(millis >= 299, millis + " ms for 3 MiB after the first");
    }

    @Test
    void take_toldToStop_returnsAtOnce() {
        Pace pace = Pace.bytesPerSecond(1);
        pace.take(MEBI, () -> false);
        pace.take(MEBI, () -> true);
    }

    @Test
    void limit_raisedWhileSomebodyWaits_letsHimGo() throws Exception {
        Pace pace = Pace.bytesPerSecond(1);
        pace.take(MEBI, () -> false);
        FutureTask<Void> waiter = new FutureTask<>(() -> pace.take(MEBI, () -> false), null);
        Thread.ofPlatform().start(waiter);
        pace.limit(Long.MAX_VALUE);
        waiter.get(30, TimeUnit.SECONDS);
    }

    @Test
    void chunk_ratesFromSlowToFast_quarterOfASecondWithinBounds() {
        assertEquals(64 * 1024, Pace.bytesPerSecond(1000).chunk());
        assertEquals(MEBI, Pace.bytesPerSecond(4L * MEBI).chunk());
        assertEquals(8 * MEBI, Pace.unlimited().chunk());
    }

    @Test
    void limit_zero_refused() {
        assertThrows(IllegalArgumentException.class, () -> Pace.bytesPerSecond(0));
    }
}
