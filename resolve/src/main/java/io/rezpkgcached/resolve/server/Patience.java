package io.rezpkgcached.resolve.server;

/** How long servers may still delay one lookup, however many keys it asks for. Not for several threads. */
public final class Patience {
    private long nanoseconds;

    Patience(long nanoseconds) {
        this.nanoseconds = nanoseconds;
    }

    long left() {
        return nanoseconds;
    }

    void spend(long time) {
        nanoseconds -= time;
    }
}
