package io.rezpkgcached.cache.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.testing.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class DiskSyncTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int FOLLOWERS = 7;

    /** What the calls were to find on disk when each of them was begun. */
    private final List<Set<Integer>> calls = Collections.synchronizedList(new ArrayList<>());
    private final Set<Integer> written = ConcurrentHashMap.newKeySet();
    private final CountDownLatch first = new CountDownLatch(1);

    /** The first call takes until it is let go; then this number of threads wants to be in the second. */
    private List<Throwable> failuresOfSecondRound(DiskSync disk) throws Exception {
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        Thread leader = Thread.ofPlatform().start(() -> sync(disk, 0, failures));
        Await.until(LIMIT, "first call", () -> calls.size() == 1);
        List<Thread> followers = new ArrayList<>();
        for (int i = 1; i <= FOLLOWERS; i++) {
            int number = i;
            followers.add(Thread.ofPlatform().start(() -> sync(disk, number, failures)));
        }
        Await.until(LIMIT, "all wait",
                () -> followers.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING));
        first.countDown();
        leader.join();
        for (Thread follower : followers) {
            follower.join();
        }
        return failures;
    }

    private void sync(DiskSync disk, int number, List<Throwable> failures) {
        written.add(number);
        try {
            disk.sync();
        } catch (IOException | InterruptedException | IllegalStateException e) {
            failures.add(e);
        }
    }

    private int called() {
        calls.add(Set.copyOf(written));
        if (calls.size() == 1) {
            boolean waiting = true;
            while (waiting) {
                try {
                    first.await();
                    waiting = false;
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        }
        return calls.size();
    }

    @Test
    void sync_askedByManyDuringACall_oneMoreCallServesThemAll() throws Exception {
        assertEquals(List.of(), failuresOfSecondRound(new DiskSync(this::called)));
        assertEquals(List.of(Set.of(0), Set.of(0, 1, 2, 3, 4, 5, 6, 7)), calls);
    }

    @Test
    void sync_callFails_allOfTheRoundSeeItAndTheNextSucceeds() throws Exception {
        DiskSync disk = new DiskSync(() -> {
            if (called() == 2) {
                throw new IOException("I/O error");
            }
        });
        List<Throwable> failures = failuresOfSecondRound(disk);
        assertEquals(Collections.nCopies(FOLLOWERS, "I/O error"),
                failures.stream().map(Throwable::getMessage).toList());
        disk.sync();
        assertEquals(3, calls.size());
    }

    @Test
    void sync_callDiesOfABug_nobodyOfTheRoundTakesItForDone() throws Exception {
        DiskSync disk = new DiskSync(() -> {
            if (called() == 2) {
                throw new IllegalStateException("bug");
            }
        });
        assertEquals(FOLLOWERS, failuresOfSecondRound(disk).size());
        disk.sync();
        assertEquals(3, calls.size());
    }

    @Test
    void sync_firstCallFails_isThrown() {
        DiskSync disk = new DiskSync(() -> {
            throw new IOException("I/O error");
        });
        assertEquals("I/O error", assertThrows(IOException.class, disk::sync).getMessage());
    }

    @Test
    void sync_manyThreadsManyTimes_coversWhatEachWroteBeforeWithFewerCalls() throws Exception {
        int threads = 8;
        int rounds = 200;
        AtomicInteger begun = new AtomicInteger();
        Set<Integer> onDisk = ConcurrentHashMap.newKeySet();
        DiskSync disk = new DiskSync(() -> {
            begun.incrementAndGet();
            Set<Integer> seen = Set.copyOf(written);
            LockSupport.parkNanos(10_000);
            onDisk.addAll(seen);
        });
        CyclicBarrier barrier = new CyclicBarrier(threads);
        List<Future<Integer>> lost = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            for (int i = 0; i < threads; i++) {
                int thread = i;
                lost.add(executor.submit(() -> {
                    int missing = 0;
                    for (int round = 0; round < rounds; round++) {
                        barrier.await();
                        written.add(thread * rounds + round);
                        disk.sync();
                        missing += onDisk.contains(thread * rounds + round) ? 0 : 1;
                    }
                    return missing;
                }));
            }
            for (Future<Integer> future : lost) {
                assertEquals(0, future.get());
            }
        }
        assertTrue(begun.get() < threads * rounds, () -> begun + " calls");
    }
}
