package io.rezpkgcached.daemon;

import java.time.Duration;
import java.util.Optional;

/**
 * What the settings say, in the form that the loop works by; replaced as a whole when they change.
 *
 * @param askers      who may ask for anything
 * @param unusedFor   see {@link io.rezpkgcached.cache.clean.Cleaner#clean}
 * @param cleanLimit  time for a clean after an update
 * @param spaceBuffer bytes to leave free on the disk
 */
record Terms(LoopSettings settings, Serving serving, SpoolState.Asker askers, Optional<Duration> unusedFor,
        Duration cleanLimit, long spaceBuffer) {}
