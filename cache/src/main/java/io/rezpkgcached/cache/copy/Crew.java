package io.rezpkgcached.cache.copy;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The threads of one copy: daemon threads that do jobs, and the jobs that jobs hand in, until none is left or one fails.
 *
 * <p>The first failure, a cancel or an interrupt of the waiting thread stops the rest. The threads are never interrupted: an interrupt closes the
 * channel that a thread is using, and closing waits for a thread that hangs in the kernel. Such a thread is left behind after a second; it ends
 * when its storage answers, having done nothing more.
 */
final class Crew implements AutoCloseable {
    /** How long to wait for the threads of a copy that has failed. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** How late a cancel is noticed while all threads are busy. */
    private static final long LOOK_AROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final CopyMonitor monitor;
    private final List<Thread> threads = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition idle = lock.newCondition();
    private final ArrayDeque<Job> jobs = new ArrayDeque<>();
    private final List<Throwable> failures = new ArrayList<>();
    private int busy;
    /** When the patience with threads of a copy that stops ends; set once. */
    private long deadline;
    private volatile boolean stopping;

    /** A piece of work. */
    @FunctionalInterface
    interface Job {
        void run() throws IOException, PayloadRefusedException, CancelledException;
    }

    /** The same work for each of many things. */
    @FunctionalInterface
    interface Work<T> {
        void on(T item) throws IOException, PayloadRefusedException, CancelledException;
    }

    Crew(int size, CopyMonitor monitor) {
        this.monitor = monitor;
        for (int n = 1; n <= size; n++) {
            threads.add(Thread.ofPlatform().daemon().name("copy-" + n).start(this::work));
        }
    }

    /** Whether whoever works here should give up. */
    boolean stopping() {
        return stopping || monitor.isCancelled();
    }

    /** Hands in a job; the latest is done first, which keeps the queue of a deep tree short. */
    void submit(Job job) {
        lock.lock();
        try {
            if (!stopping) {
                jobs.push(job);
                work.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Does the work for all items, in no order, and waits for it. */
    <T> void forEach(List<T> items, Work<T> each)
            throws IOException, PayloadRefusedException, CancelledException, InterruptedException {
        AtomicInteger next = new AtomicInteger();
        for (int i = 0; i < Math.min(threads.size(), items.size()); i++) {
            submit(() -> {
                for (int n = next.getAndIncrement(); n < items.size(); n = next.getAndIncrement()) {
                    each.on(items.get(n));
                }
            });
        }
        await();
    }

    /** Does one thing on one of the threads: whoever called for the copy never touches storage that may hang. */
    void alone(Job job) throws IOException, PayloadRefusedException, CancelledException, InterruptedException {
        submit(job);
        await();
    }

    /** Waits until no job is left, and throws the first failure with the others suppressed. */
    void await() throws IOException, PayloadRefusedException, CancelledException, InterruptedException {
        lock.lock();
        try {
            while ((busy > 0 || !jobs.isEmpty()) && !stopping()) {
                idle.awaitNanos(LOOK_AROUND_NANOS);
            }
            if (stopping()) {
                stop();
                awaitIdle();
                rethrow();
            }
        } finally {
            lock.unlock();
        }
    }

    private void awaitIdle() throws InterruptedException {
        for (long left = deadline - System.nanoTime(); busy > 0 && left > 0;) {
            left = idle.awaitNanos(left);
        }
    }

    private void rethrow() throws IOException, PayloadRefusedException, CancelledException {
        Throwable first = failures.isEmpty() ? new CancelledException() : failures.getFirst();
        failures.stream().skip(1).filter(other -> !(other instanceof CancelledException))
                .forEach(first::addSuppressed);
        switch (first) {
            case IOException e -> throw e;
            case PayloadRefusedException e -> throw e;
            case CancelledException e -> throw e;
            case Error e -> throw e;
            case RuntimeException e -> throw e;
            default -> throw new IllegalStateException(first);
        }
    }

    private void stop() {
        if (!stopping) {
            deadline = System.nanoTime() + PATIENCE_NANOS;
            stopping = true;
        }
        jobs.clear();
        work.signalAll();
        idle.signalAll();
    }

    private void work() {
        lock.lock();
        try {
            while (true) {
                while (jobs.isEmpty() && !stopping) {
                    work.awaitUninterruptibly();
                }
                if (stopping) {
                    return;
                }
                busy++;
                perform(jobs.pop());
                busy--;
                if (busy == 0 && jobs.isEmpty()) {
                    idle.signalAll();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Called with the lock, which is free while the job runs. */
    private void perform(Job job) {
        lock.unlock();
        Throwable failure = null;
        try {
            job.run();
        } catch (Throwable any) { // also a bug or a full heap must reach the thread that waits
            failure = any;
        }
        lock.lock();
        if (failure != null) {
            failures.add(failure);
            stop();
        }
    }

    /** Ends the threads and waits for them, except for those that hang. */
    @Override
    public void close() {
        lock.lock();
        try {
            stop();
        } finally {
            lock.unlock();
        }
        try {
            for (Thread thread : threads) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left > 0) {
                    thread.join(left);
                }
            }
        } catch (InterruptedException e) {
            // The caller is to stop as well: it sees the flag.
            Thread.currentThread().interrupt();
        }
    }
}
