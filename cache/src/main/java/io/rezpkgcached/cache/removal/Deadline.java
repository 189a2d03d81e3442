package io.rezpkgcached.cache.removal;

import java.time.Duration;

/** A point in time after which work is to stop where it is; {@link #NEVER} where there is none. */
public final class Deadline {
    /** Is never reached. */
    public static final Deadline NEVER = new Deadline(0, false);

    private final long nanos;
    private final boolean bounded;

    private Deadline(long nanos, boolean bounded) {
        this.nanos = nanos;
        this.bounded = bounded;
    }

    public static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos(), true);
    }

    public boolean isReached() {
        return bounded && System.nanoTime() - nanos >= 0;
    }

    public boolean isBounded() {
        return bounded;
    }
}
