package io.rezpkgcached.cache.copy;

/** A copy that was stopped through {@link CopyMonitor#cancel()}: the target is incomplete, for the caller to delete. */
public final class CancelledException extends Exception {
    private static final long serialVersionUID = 1L;

    CancelledException() {
        super("the copy was cancelled");
    }
}
