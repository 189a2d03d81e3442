package io.rezpkgcached.daemon;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.spool.SpoolFolder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * One variant that somebody asked for, by one or more files in the spool, or that is to be copied anew although its file
 * has gone. Owned by the loop's thread.
 */
final class Request {
    private final Handle handle;
    private final Instant since;
    private final Set<Path> files = new LinkedHashSet<>();
    private int priority;
    private int tries;
    private Instant due;
    private boolean running;
    private boolean saidThatOthersCopy;
    private int deferrals;
    private String reason = "";

    Request(Handle handle, int priority, Instant since) {
        this.handle = handle;
        this.priority = priority;
        this.since = since;
        this.due = since;
    }

    Handle handle() {
        return handle;
    }

    Instant since() {
        return since;
    }

    Set<Path> files() {
        return files;
    }

    /**
     * Adds a file that asks for the same variant; the more urgent one counts.
     *
     * @param now the time from which it may be tried, if nobody has waited for it before
     */
    void askedBy(Path file, int filePriority, Instant now) {
        files.add(file);
        if (filePriority < priority) {
            priority = filePriority;
            due = due.isAfter(now) ? now : due;
            tries = 0; // those that failed before were nobody's who waits
        }
    }

    /** Whether nobody waits for it. */
    boolean isPrefetch() {
        return priority >= SpoolFolder.PREFETCH;
    }

    int priority() {
        return priority;
    }

    /** How many tries failed so far. */
    int tries() {
        return tries;
    }

    Instant due() {
        return due;
    }

    boolean isRunning() {
        return running;
    }

    void started() {
        running = true;
    }

    /** To be tried again later. */
    void deferred(int triesSoFar, Instant nextTry) {
        running = false;
        tries = triesSoFar;
        due = nextTry;
    }

    /** Counts one more deferral in a row, of whatever kind; returns how many there were since this daemon was started. */
    int countDeferral() {
        return ++deferrals;
    }

    /** True if the reason is another than the last time: the log says it once. */
    boolean isNewReason(String why) {
        boolean isNew = !reason.equals(why);
        reason = why;
        return isNew;
    }

    /** True the first time: the log says once that somebody else is copying it. */
    boolean isFirstTimeThatOthersCopy() {
        boolean first = !saidThatOthersCopy;
        saidThatOthersCopy = true;
        return first;
    }
}
