package io.rezpkgcached.settings;

import java.time.Duration;

/**
 * How requests are looked for and tried.
 *
 * @param scanInterval from one look at the pending folder to the next, where no event wakes the daemon
 * @param maxTries of one request, at least 1
 * @param retryPause before the second try; it grows from try to try
 * @param retryPauseMax what it grows to, at least {@code retryPause}
 * @param idleTimeout without work for as long, a daemon that is to end by itself ends
 */
public record RequestSettings(Duration scanInterval, int maxTries, Duration retryPause, Duration retryPauseMax,
        Duration idleTimeout) {

    public RequestSettings {
        if (!scanInterval.isPositive() || !idleTimeout.isPositive() || !retryPause.isPositive()
                || retryPauseMax.compareTo(retryPause) < 0) {
            throw new IllegalArgumentException(
                    "scanInterval " + scanInterval + ", retryPause " + retryPause + ", retryPauseMax " + retryPauseMax
                            + ", idleTimeout " + idleTimeout);
        }
        if (maxTries < 1) {
            throw new IllegalArgumentException("maxTries " + maxTries);
        }
    }
}
