package io.rezpkgcached.daemon;

import java.time.Duration;

/**
 * How long to wait before the next try: four times as long each time, up to a limit.
 *
 * @param first   after the first try
 * @param longest never more than this
 */
record Pauses(Duration first, Duration longest) {
    private static final int GROWTH = 4;

    Duration after(int tries) {
        Duration pause = first;
        for (int i = 1; i < tries && pause.compareTo(longest) < 0; i++) {
            pause = pause.multipliedBy(GROWTH);
        }
        return pause.compareTo(longest) < 0 ? pause : longest;
    }
}
