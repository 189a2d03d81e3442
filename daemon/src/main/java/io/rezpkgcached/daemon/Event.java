package io.rezpkgcached.daemon;

import io.rezpkgcached.cache.add.AddOutcome;
import io.rezpkgcached.cache.spool.RequestFile;
import java.util.concurrent.FutureTask;

/** What wakes the loop. Events say that something may have happened; what did is found by looking. */
sealed interface Event {
    /** Names may have come into the spool. */
    record SpoolChanged() implements Event {}

    /** A request was read that may be gone by now. */
    record Caught(RequestFile.Complete file) implements Event {}

    /** A worker is done with a request. */
    record Finished(Job job, AddOutcome outcome) implements Event {}

    /** A worker has copied all of a variant, and is about to publish it. */
    record Copied(Job job) implements Event {}

    /** The spool can no longer be watched. */
    record WatchLost() implements Event {}

    /** A clean has ended. */
    record Cleaned(boolean complete) implements Event {}

    /** Something that the loop is to do for another thread. */
    record Call(FutureTask<?> task) implements Event {}

    /** The daemon is to stop. */
    record Stop() implements Event {}
}
