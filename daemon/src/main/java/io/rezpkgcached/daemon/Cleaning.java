package io.rezpkgcached.daemon;

import io.rezpkgcached.cache.clean.Cleaner;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Runs timed cleans on a thread of their own, one at a time, after requests were served. All methods are
 * for the loop's thread.
 */
final class Cleaning {
    private final Cleaner cleaner;
    private final RezLog log;
    private final Runnable logExpiry;
    private Optional<Duration> unusedFor;
    private Duration limit;
    private Consumer<Event> events = _ -> {};
    private boolean wanted = true;
    private boolean unfinished;
    private boolean running;

    /**
     * @param unusedFor see {@link Cleaner#clean}
     * @param limit     {@code package_cache_clean_limit}; not positive: never clean
     * @param logExpiry deletes old logs, which rez does each time it copies
     */
    Cleaning(Cleaner cleaner, Optional<Duration> unusedFor, Duration limit, RezLog log, Runnable logExpiry) {
        this.cleaner = cleaner;
        this.unusedFor = unusedFor;
        this.limit = limit;
        this.log = log;
        this.logExpiry = logExpiry;
    }

    void sendTo(Consumer<Event> loop) {
        events = loop;
    }

    /** Changes what the cleans that are started from now on do. */
    void change(Optional<Duration> newUnusedFor, Duration newLimit) {
        unusedFor = newUnusedFor;
        limit = newLimit;
    }

    /** The cache was changed. */
    void wanted() {
        wanted = true;
    }

    /** For a clean that somebody else does; false while there is one. */
    boolean claim() {
        if (running) {
            return false;
        }
        running = true;
        return true;
    }

    void ended(boolean complete) {
        running = false;
        unfinished = !complete;
    }

    /** Whether a clean is under way, or will go on after a pause. */
    boolean isBusy() {
        return running || unfinished;
    }

    boolean isUnfinished() {
        return unfinished;
    }

    /** Goes on with what the last clean had no time for; called when nothing happened for a while. */
    void resume() {
        wanted |= unfinished;
    }

    void startIfWanted() {
        if (!wanted || running || !limit.isPositive()) {
            return;
        }
        wanted = false;
        running = true;
        Optional<Duration> age = unusedFor;
        Duration time = limit;
        Thread.ofPlatform().name("clean").daemon().start(() -> clean(age, time));
    }

    private void clean(Optional<Duration> age, Duration time) {
        boolean complete = true;
        try {
            logExpiry.run();
            complete = cleaner.clean(age, Optional.of(time));
        } catch (IOException e) {
            log.warn("The cache could not be cleaned: " + e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            log.bug("A bug while cleaning; the daemon goes on", e);
        } finally {
            events.accept(new Event.Cleaned(complete));
        }
    }
}
