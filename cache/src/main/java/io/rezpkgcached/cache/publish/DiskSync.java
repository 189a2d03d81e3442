package io.rezpkgcached.cache.publish;

import java.io.IOException;

/**
 * Brings what was written to disk, with one call for all who ask while the one before is under way: a call that starts
 * after somebody asked covers all that he wrote.
 */
final class DiskSync {
    /** The call itself, such as syncfs(2). */
    @FunctionalInterface
    interface Call {
        void sync() throws IOException;
    }

    /** One call, and all who wait for it. */
    private static final class Round {
        private boolean done;
        private IOException failure;
    }

    private final Call call;
    private Round next = new Round();
    private boolean running;

    DiskSync(Call call) {
        this.call = call;
    }

    /** Returns once all that this thread wrote before is on disk. */
    void sync() throws IOException, InterruptedException {
        Round round = join();
        if (!round.done) {
            lead(round);
        }
        if (round.failure != null) {
            throw new IOException(round.failure.getMessage(), round.failure);
        }
    }

    /** Waits until the round that the caller belongs to is done, or is the caller's to run. */
    private synchronized Round join() throws InterruptedException {
        Round round = next;
        while (running && !round.done) {
            wait();
        }
        if (!round.done) {
            running = true;
            next = new Round();
        }
        return round;
    }

    private void lead(Round round) {
        IOException failure = new IOException("the disk was not synchronised"); // where the call dies of a bug
        try {
            call.sync();
            failure = null;
        } catch (IOException e) {
            failure = e;
        } finally {
            synchronized (this) {
                round.done = true;
                round.failure = failure;
                running = false;
                notifyAll();
            }
        }
    }
}
