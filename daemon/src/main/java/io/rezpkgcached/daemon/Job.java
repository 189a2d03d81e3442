package io.rezpkgcached.daemon;

import io.rezpkgcached.cache.copy.CopyMonitor;
import io.rezpkgcached.cache.handle.Handle;
import java.time.Duration;

/** One try of one request by a worker. */
final class Job {
    private final Request request;
    private final boolean lastTry;
    private final CopyMonitor monitor = new CopyMonitor();
    private final boolean prefetch;
    private final long begun = System.nanoTime();
    private volatile boolean claimed;

    Job(Request request, boolean lastTry) {
        this.request = request;
        this.lastTry = lastTry;
        this.prefetch = request.isPrefetch();
    }

    Request request() {
        return request;
    }

    Handle handle() {
        return request.handle();
    }

    boolean isLastTry() {
        return lastTry;
    }

    /** Whether nobody waited for it when it was begun: what room it may take on the disk goes by that. */
    boolean isPrefetch() {
        return prefetch;
    }

    CopyMonitor monitor() {
        return monitor;
    }

    /** An entry was made for it; from any thread. */
    void claimed() {
        claimed = true;
    }

    /** Whether it has begun long ago and everyone still sees the variant as not in the cache: its repository is slow, or dead. */
    boolean isSlowToClaim(Duration limit) {
        return !claimed && System.nanoTime() - begun > limit.toNanos();
    }

    /** Whether nothing at all has moved for so long that the storage must be dead. */
    boolean isHung(Duration limit) {
        return System.nanoTime() - monitor.lastProgress() > limit.toNanos();
    }
}
