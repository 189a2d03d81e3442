package io.rezpkgcached.daemon;

import java.time.Duration;

/**
 * What decides about when and how often.
 *
 * @param workers      variants at once
 * @param maxTries     failed copies of a variant before it is given up
 * @param scanInterval the longest time without a look at the spool
 * @param hungAfter    a job that has not moved for longer hangs on dead storage
 */
record LoopSettings(int workers, int maxTries, Pauses pauses, Duration scanInterval,
        Duration hungAfter) {}
