package io.rezpkgcached.daemon;

import io.rezpkgcached.cache.add.AddOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Runs jobs, each on a thread of its own, a given number at a time. A job that hangs on dead storage does not count: it
 * costs its own thread and no other, up to {@link #MOST_HUNG} of them.
 */
final class Workers {
    /** No step of a copy takes this long on storage that answers at all. */
    static final Duration HUNG_AFTER = Duration.ofSeconds(30);

    /** Threads in the kernel cannot be ended; more than this many say that nothing will work. */
    static final int MOST_HUNG = 64;

    private final Duration hungAfter;
    private final BiConsumer<Job, AddOutcome> finished;
    private final List<Job> running = new ArrayList<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private int size;
    private Function<Job, AddOutcome> work;

    /**
     * @param hungAfter a job that has not moved for longer hangs
     * @param work      does not throw
     * @param finished  is called on the worker's thread
     */
    Workers(int size, Duration hungAfter, Function<Job, AddOutcome> work, BiConsumer<Job, AddOutcome> finished) {
        this.size = size;
        this.hungAfter = hungAfter;
        this.work = work;
        this.finished = finished;
    }

    /** Changes how many there may be, and what does the jobs that are started from now on. */
    void change(int newSize, Function<Job, AddOutcome> newWork) {
        size = newSize;
        work = newWork;
    }

    /** Whether one more job may be started that somebody waits for: those that nobody waits for do not count, they are held up. */
    boolean hasRoom() {
        return count(asked()) < size && hung().size() < MOST_HUNG;
    }

    /** Whether one more job may be started that nobody waits for. */
    boolean hasRoomForPrefetch() {
        return count(running) < size && hung().size() < MOST_HUNG;
    }

    private long count(List<Job> jobs) {
        return jobs.stream().filter(job -> !job.isHung(hungAfter)).count();
    }

    /** Whether a job is under way, and does not hang, that somebody waits for. */
    boolean areAskedRunning() {
        return count(asked()) > 0;
    }

    private List<Job> asked() {
        return running.stream().filter(job -> !job.request().isPrefetch()).toList();
    }

    /** Holds up the jobs that nobody waits for, or lets them go on; one that somebody waits for by now always goes on. */
    void holdPrefetch(boolean now) {
        running.forEach(job -> job.monitor().hold(now && job.request().isPrefetch()));
    }

    /** Starts a job; on the loop's thread, as all methods. */
    void start(Job job) {
        running.add(job);
        Function<Job, AddOutcome> doing = work; // as it is now: it may be changed before the thread comes to it
        Thread.ofPlatform().name("worker-" + numbers.incrementAndGet()).daemon()
                .start(() -> finished.accept(job, doing.apply(job)));
    }

    /** To be called for each job that finished. */
    void ended(Job job) {
        running.remove(job);
    }

    List<Job> running() {
        return List.copyOf(running);
    }

    /** Jobs that stand still. */
    List<Job> hung() {
        return running.stream().filter(job -> job.isHung(hungAfter)).toList();
    }
}
