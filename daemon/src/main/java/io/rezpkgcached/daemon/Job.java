package io.rezpkgcached.daemon;

import io.rezpkgcached.cache.copy.CopyMonitor;
import io.rezpkgcached.cache.handle.Handle;
import java.time.Duration;

/** One try of one request by a worker. */
final class Job {
    private final Request request;
    private final boolean lastTry;
    private final CopyMonitor monitor = new CopyMonitor();

    Job(Request request, boolean lastTry) {
        this.request = request;
        this.lastTry = lastTry;
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

    CopyMonitor monitor() {
        return monitor;
    }

    /** Whether nothing at all has moved for so long that the storage must be dead. */
    boolean isHung(Duration limit) {
        return System.nanoTime() - monitor.lastProgress() > limit.toNanos();
    }
}
