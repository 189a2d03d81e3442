package io.rezpkgcached.cache.copy;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * A limit on bytes a second, shared by everything that copies through it, that can be changed while they do.
 *
 * <p>Over seconds the rate is kept; a single chunk may go at full speed, after which the others wait for it. Who waits longest is not
 * guaranteed to go first.
 */
public final class Pace {
    private static final int SMALLEST_CHUNK = 64 * 1024;
    private static final int LARGEST_CHUNK = 8 * 1024 * 1024;
    private static final int CHUNKS_PER_SECOND = 4;
    /** How late a waiter notices that it should stop. */
    private static final long LOOK_AROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile long rate;
    private long refilledAt = System.nanoTime();
    /** Bytes that may go now; negative while a chunk that has gone is not paid for. */
    private double balance;

    private Pace(long rate) {
        this.rate = rate;
    }

    /** No limit, until one is set. */
    public static Pace unlimited() {
        return new Pace(Long.MAX_VALUE);
    }

    /** At most this many bytes a second, at least 1. */
    public static Pace bytesPerSecond(long rate) {
        Pace pace = unlimited();
        pace.limit(rate);
        return pace;
    }

    /** Changes the rate, at once also for those who wait. {@link Long#MAX_VALUE}: no limit. */
    public void limit(long newRate) {
        if (newRate < 1) {
            throw new IllegalArgumentException("a pace needs at least 1 byte a second, not " + newRate);
        }
        lock.lock();
        try {
            refill();
            rate = newRate;
            balance = newRate == Long.MAX_VALUE ? 0 : balance;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** How many bytes to ask for at once, so that the rate is kept over a second. */
    int chunk() {
        return Math.clamp(rate / CHUNKS_PER_SECOND, SMALLEST_CHUNK, LARGEST_CHUNK);
    }

    /** Waits until these bytes may go. Returns early when told to stop. */
    void take(long bytes, BooleanSupplier stop) {
        if (rate == Long.MAX_VALUE) {
            return;
        }
        lock.lock();
        try {
            refill();
            while (balance < 0 && !stop.getAsBoolean()) {
                long debt = (long) (-balance / rate * TimeUnit.SECONDS.toNanos(1)) + 1;
                changed.awaitNanos(Math.min(debt, LOOK_AROUND_NANOS));
                refill();
            }
            balance -= bytes;
        } catch (InterruptedException e) {
            // Nobody interrupts the threads of a copy; if somebody does, the next file operation says so.
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void refill() {
        long now = System.nanoTime();
        if (rate != Long.MAX_VALUE) {
            // Time in which nobody copied is not saved up.
            balance = Math.min(0, balance + (double) (now - refilledAt) * rate / TimeUnit.SECONDS.toNanos(1));
        }
        refilledAt = now;
    }
}
