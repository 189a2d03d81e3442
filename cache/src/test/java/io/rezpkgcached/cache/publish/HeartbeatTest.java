package io.rezpkgcached.cache.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.testing.Await;
import io.rezpkgcached.cache.testing.TestCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeartbeatTest {
    /** A beat comes twice a second; this is for a machine that has much else to do. */
    private static final Duration LIMIT = Duration.ofSeconds(3);
    private static final Duration OLD = Duration.ofMinutes(1);

    @TempDir
    Path dir;
    private final Set<Thread> before = heartbeats();
    private final Heartbeat heartbeat = new Heartbeat();
    private TestCache cache;
    private Publisher publisher;

    @BeforeEach
    void makeCache() throws IOException {
        cache = TestCache.in(dir);
        publisher = Copying.with(cache, Step.Observer.NONE).publisher();
    }

    @AfterEach
    void close() {
        heartbeat.close();
    }

    private static Set<Thread> heartbeats() {
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().equals("heartbeat"))
                .collect(Collectors.toSet());
    }

    private Thread thread() {
        Set<Thread> threads = heartbeats();
        threads.removeAll(before);
        assertEquals(1, threads.size());
        return threads.iterator().next();
    }

    private Claim claim(String version) throws Exception {
        Claim claim = ((ClaimOutcome.Claimed) publisher.claim(cache.handle("foo", version), List.of())).claim();
        age(claim);
        return claim;
    }

    private static void age(Claim claim) throws IOException {
        Files.setLastModifiedTime(claim.entry().marker(), FileTime.from(Instant.now().minus(OLD)));
    }

    private static boolean isFresh(Claim claim) throws IOException {
        return Files.getLastModifiedTime(claim.entry().marker()).toInstant().isAfter(Instant.now().minus(LIMIT));
    }

    private static void awaitBeat(Claim claim) throws Exception {
        age(claim);
        Await.until(LIMIT, "touch of " + claim.entry(), () -> isFresh(claim));
    }

    @Test
    void keep_manyClaims_allAreTouchedAgainAndAgain() throws Exception {
        List<Claim> claims = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            claims.add(claim("1." + i));
        }
        claims.forEach(claim -> heartbeat.keep(claim, () -> {}));
        for (int beat = 0; beat < 3; beat++) {
            for (Claim claim : claims) {
                age(claim);
            }
            for (Claim claim : claims) {
                Await.until(LIMIT, "touch of " + claim.entry(), () -> isFresh(claim));
            }
        }
    }

    @Test
    void keep_entryTakenAway_runsLostOnceAndGoesOnWithTheOthers() throws Exception {
        Claim taken = claim("1");
        Claim other = claim("2");
        AtomicInteger lost = new AtomicInteger();
        heartbeat.keep(taken, lost::incrementAndGet);
        heartbeat.keep(other, () -> {
            throw new AssertionError("not lost");
        });
        Files.delete(taken.entry().marker());
        Await.until(LIMIT, "lost", () -> lost.get() == 1);
        awaitBeat(other);
        awaitBeat(other);
        assertEquals(1, lost.get());
        assertTrue(Files.notExists(taken.entry().marker()));
    }

    @Test
    void keep_markerOfOthers_isNeverTouched() throws Exception {
        Claim taken = claim("1");
        Claim other = claim("2");
        Files.writeString(taken.entry().marker(), "");
        age(taken);
        FileTime theirs = Files.getLastModifiedTime(taken.entry().marker());
        heartbeat.keep(taken, () -> {});
        heartbeat.keep(other, () -> {});
        awaitBeat(other);
        assertEquals(theirs, Files.getLastModifiedTime(taken.entry().marker()));
    }

    @Test
    void thread_nothingToKeep_isIdle() throws Exception {
        Thread thread = thread();
        Await.until(LIMIT, "idle", () -> thread.getState() == Thread.State.WAITING);
        Claim claim = claim("1");
        try (Heartbeat.Beating _ = heartbeat.keep(claim, () -> {})) {
            awaitBeat(claim);
            Await.until(LIMIT, "pause between beats", () -> thread.getState() == Thread.State.TIMED_WAITING);
        }
        Await.until(LIMIT, "idle", () -> thread.getState() == Thread.State.WAITING);
        heartbeat.close();
        thread.join(LIMIT);
        assertEquals(Thread.State.TERMINATED, thread.getState());
    }

    @Test
    void lastBeat_firstClaimAfterIdling_isNotOfTheTimeBefore() throws Exception {
        Thread thread = thread();
        Await.until(LIMIT, "idle", () -> thread.getState() == Thread.State.WAITING);
        Claim taken = claim("1");
        Claim claim = claim("2");
        Files.delete(taken.entry().marker());
        CountDownLatch stopped = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        heartbeat.keep(taken, () -> {
            stopped.countDown();
            awaitUninterrupted(goOn);
        });
        stopped.await(); // the thread can beat no more, and there is nothing left to keep
        long begun = System.nanoTime();
        heartbeat.keep(claim, () -> {});
        long beat = heartbeat.lastBeat();
        goOn.countDown();
        assertTrue(beat - begun >= 0);
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void beating_whileTheThreadLives_isTrueAndThenIsNot() throws Exception {
        assertTrue(heartbeat.isBeating());
        Thread thread = thread();
        heartbeat.close();
        thread.join();
        assertFalse(heartbeat.isBeating());
    }
}
