package io.rezpkgcached.daemon;

import java.time.Duration;
import java.util.Optional;

/**
 * What decides about when and how often.
 *
 * @param workers      variants at once
 * @param maxTries     failed copies of a variant before it is given up
 * @param scanInterval the longest time without a look at the spool
 * @param hungAfter    a job that has not moved for longer hangs on dead storage
 * @param untilIdle    without work for as long, the loop ends; empty: never by itself
 */
record LoopSettings(int workers, int maxTries, Pauses pauses, Duration scanInterval,
        Duration hungAfter, Optional<Duration> untilIdle) {}
