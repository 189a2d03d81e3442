package io.rezpkgcached.cache.publish;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Touches the markers of all copies under way from one thread that does nothing else, so that no amount of other work
 * makes one look stalled. The thread sleeps while there is nothing to touch.
 */
public final class Heartbeat implements AutoCloseable {
    /** A tenth of the 5 s after which others take a copy for stalled. */
    private static final Duration INTERVAL = Duration.ofMillis(500);

    /** No touch of a file on a disk that answers takes this long. */
    private static final Duration LATE = Duration.ofSeconds(20);

    private final Map<Claim, Runnable> copies = new ConcurrentHashMap<>();
    private final Thread thread;
    private volatile boolean closed;
    private volatile long lastBeat = System.nanoTime();

    public Heartbeat() {
        thread = Thread.ofPlatform().name("heartbeat").daemon().start(this::run);
    }

    /** Keeps a claim alive until the result is closed; {@code lost} is run once if somebody took the entry away. */
    public Beating keep(Claim claim, Runnable lost) {
        if (copies.isEmpty()) {
            lastBeat = System.nanoTime(); // there was nothing to touch until now
        }
        copies.put(claim, lost);
        LockSupport.unpark(thread);
        return () -> copies.remove(claim);
    }

    /** Ends the beating of one claim. */
    @FunctionalInterface
    public interface Beating extends AutoCloseable {
        @Override
        void close();
    }

    /** {@link System#nanoTime()} of the last time that all markers had been touched. */
    public long lastBeat() {
        return copies.isEmpty() ? System.nanoTime() : lastBeat;
    }

    /** Whether the thread lives and does its work; false says that copies begin to look stalled, or soon will. */
    public boolean isBeating() {
        return thread.isAlive() && System.nanoTime() - lastBeat() < LATE.toNanos();
    }

    private void run() {
        while (!closed) {
            copies.forEach(this::touch);
            lastBeat = System.nanoTime();
            if (copies.isEmpty()) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, INTERVAL.toNanos());
            }
        }
    }

    private void touch(Claim claim, Runnable lost) {
        try {
            if (!claim.touch() && copies.remove(claim) != null) {
                lost.run();
            }
        } catch (IOException _) {
            // a full or failing disk: the copy itself runs into it and says so; the next beat tries again
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
