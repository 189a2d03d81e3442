package io.rezpkgcached.cache.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.testing.TreeAssert;
import io.rezpkgcached.cache.testing.Until;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.io.file.PathUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Copies that fail, are cancelled or hang. */
@Timeout(60)
class CopyStopTest {
    @TempDir
    Path dir;
    private Copies copies;

    @BeforeEach
    void makePayload() throws IOException {
        copies = Copies.in(dir);
        copies.file("a/one", "one");
        copies.file("a/two", "two");
        copies.file("b/c/three", "three");
        copies.file("empty", "");
        Files.createLink(copies.source().resolve("b/name"), copies.source().resolve("a/one"));
        copies.link("link", "a");
    }

    /** One kind of trouble at the N-th step. */
    private interface Trouble {
        void happen() throws IOException;
    }

    private record Nth(int n, AtomicInteger steps, Trouble trouble) implements StepHook {
        @Override
        public void before(Step step, Path path) throws IOException {
            if (steps.incrementAndGet() == n) {
                trouble.happen();
            }
        }
    }

    @Test
    void copy_anyStepFails_thatFailureThrownAndNoThreadLeft() throws Exception {
        IOException failure = new IOException("injected");
        int n = 1;
        for (boolean failed = true; failed; n++) {
            AtomicInteger steps = new AtomicInteger();
            Copies failing = copies.with(new Nth(n, steps, () -> {
                throw failure;
            }));
            failed = fails(failing, failure);
            assertEquals(failed, steps.get() >= n);
            assertEquals(List.of(), Copies.threads());
            if (failed && Files.exists(copies.target())) {
                PathUtils.deleteDirectory(copies.target());
            }
        }
        assertTrue(n > 30, "only " + n + " steps");
        TreeAssert.assertSameTree(copies.source(), copies.target());
    }

    private static boolean fails(Copies failing, IOException expected) throws Exception {
        try {
            failing.copy();
            return false;
        } catch (IOException e) {
            assertSame(expected, e);
            return true;
        }
    }

    @Test
    void copy_bugInAThread_thrownAsItIs() {
        Copies failing = copies.with((step, path) -> {
            if (step == Step.COPY_CHUNK) {
                throw new IllegalStateException("bug");
            }
        });
        assertThrows(IllegalStateException.class, failing::copy);
        assertEquals(List.of(), Copies.threads());
    }

    @Test
    void copy_cancelledAtAnyStep_throwsAndDoesNothingMore() throws Exception {
        int n = 1;
        for (boolean cancelled = true; cancelled; n++) {
            CopyMonitor monitor = new CopyMonitor();
            Copies stopped = copies.with(new Nth(n, new AtomicInteger(), monitor::cancel));
            cancelled = isCancelled(stopped, monitor);
            assertEquals(List.of(), Copies.threads());
            if (cancelled && Files.exists(copies.target())) {
                PathUtils.deleteDirectory(copies.target());
            }
        }
        assertTrue(n > 30, "only " + n + " steps");
    }

    private static boolean isCancelled(Copies stopped, CopyMonitor monitor) throws Exception {
        try {
            stopped.copy(monitor);
            assertFalse(monitor.isCancelled());
            return false;
        } catch (CancelledException e) {
            assertTrue(monitor.isCancelled());
            return true;
        }
    }

    @Test
    void copy_heldUp_doesNothingAndDoesNotHangUntilItMayGoOnOrIsCancelled() throws Exception {
        for (boolean cancelled : List.of(true, false)) {
            CopyMonitor monitor = new CopyMonitor();
            AtomicInteger steps = new AtomicInteger();
            Copies held = copies.with(new Nth(20, steps, () -> monitor.hold(true)));
            FutureTask<CopiedPayload> task = new FutureTask<>(() -> held.copy(monitor));
            Thread.ofPlatform().daemon().start(task);
            Until.holds("it is held up", monitor::isHeld);
            long before = monitor.lastProgress();
            Until.holds("it does not look as if it hung", () -> monitor.lastProgress() - before > 0);
            Until.holds("nothing more is done", () -> {
                int seen = steps.get();
                long after = monitor.lastProgress();
                Until.holds("it is made to wait", () -> monitor.lastProgress() - after > 0);
                return steps.get() == seen;
            });
            assertFalse(task.isDone());
            if (cancelled) {
                monitor.cancel();
                assertInstanceOf(CancelledException.class,
                        assertThrows(ExecutionException.class, task::get).getCause());
                PathUtils.deleteDirectory(copies.target());
            } else {
                monitor.hold(false);
                assertEquals(5, task.get().files());
                TreeAssert.assertSameTree(copies.source(), copies.target());
            }
            assertEquals(List.of(), Copies.threads());
        }
    }

    @Test
    void copy_cancelledBefore_nothingMade() {
        CopyMonitor monitor = new CopyMonitor();
        monitor.cancel();
        assertThrows(CancelledException.class, () -> copies.copy(monitor));
        assertFalse(Files.exists(copies.target()));
    }

    @Test
    void copy_threadHangsAndCancelled_returnsWithoutIt() throws Exception {
        CopyMonitor monitor = new CopyMonitor();
        long nanos = returnsWithoutHungThread(monitor, copier -> monitor.cancel(), CancelledException.class);
        assertTrue(nanos < TimeUnit.SECONDS.toNanos(5), nanos + " ns");
    }

    @Test
    void copy_threadHangsAndInterrupted_returnsWithoutIt() throws Exception {
        long nanos = returnsWithoutHungThread(new CopyMonitor(), Thread::interrupt, InterruptedException.class);
        assertTrue(nanos < TimeUnit.SECONDS.toNanos(5), nanos + " ns");
    }

    private interface Stopper {
        void stop(Thread copier);
    }

    private long returnsWithoutHungThread(CopyMonitor monitor, Stopper stopper, Class<? extends Exception> expected)
            throws Exception {
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch storageAnswers = new CountDownLatch(1);
        Copies hanging = copies.with((step, path) -> {
            if (step == Step.COPY_CHUNK && path.endsWith("three")) {
                hangs.countDown();
                awaitWhatever(storageAnswers);
            }
        });
        FutureTask<Exception> task = new FutureTask<>(() -> assertThrows(expected, () -> hanging.copy(monitor)));
        Thread copier = Thread.ofPlatform().start(task);
        hangs.await();
        long before = System.nanoTime();
        stopper.stop(copier);
        assertNotNull(task.get());
        long nanos = System.nanoTime() - before;
        assertEquals(1, Copies.threads().size());
        List<Thread> left = Thread.getAllStackTraces().keySet().stream().filter(t -> t.getName().startsWith("copy-"))
                .toList();
        assertTrue(left.getFirst().isDaemon());
        storageAnswers.countDown();
        left.getFirst().join();
        return nanos;
    }

    /** As a thread in the kernel does: no interrupt wakes it. */
    private static void awaitWhatever(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                throw new AssertionError("threads of a copy are not to be interrupted", e);
            }
        }
    }

    @Test
    void copy_slowPace_cancelIsNotDelayed() throws Exception {
        copies.file("large", "x".repeat(1 << 20));
        CopyMonitor monitor = new CopyMonitor();
        CountDownLatch started = new CountDownLatch(1);
        PayloadCopier copier = new PayloadCopier(2, new LinkPolicy(List.of()), Pace.bytesPerSecond(1), (step, path) -> {
            if (step == Step.COPY_CHUNK) {
                started.countDown();
            }
        });
        FutureTask<Exception> task = new FutureTask<>(() -> assertThrows(CancelledException.class,
                () -> copier.copy(copies.source(), copies.target(), monitor)));
        Thread.ofPlatform().start(task);
        started.await();
        monitor.cancel();
        assertNotNull(task.get(5, TimeUnit.SECONDS));
    }
}
