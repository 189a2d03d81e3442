package io.rezpkgcached.cache.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.testing.Child;
import io.rezpkgcached.cache.testing.Until;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our lock against that of a real rez, whose folder of commands REZ_BIN names. */
@Tag("rez")
class RezLockTest {
    private static final String COUNT = """
            import sys
            from rez.vendor.lockfile import LockFile, LockTimeout
            path, counter, times = sys.argv[1], sys.argv[2], int(sys.argv[3])
            print("ready", flush=True)
            done = 0
            while done < times:
                lock = LockFile(path)
                try:
                    lock.acquire(timeout=0.05)
                except LockTimeout:
                    continue
                value = int(open(counter).read())
                with open(counter, "w") as f:
                    f.write("%d\\n" % (value + 1))
                lock.release()
                done += 1
            """;

    private static final String HOLD = """
            import sys
            from rez.vendor.lockfile import LockFile
            lock = LockFile(sys.argv[1])
            lock.acquire(timeout=10)
            print("held", flush=True)
            sys.stdin.read()
            lock.release()
            """;

    private static final String TRY = """
            import sys
            from rez.vendor.lockfile import LockFile, LockTimeout
            lock = LockFile(sys.argv[1])
            try:
                lock.acquire(timeout=1)
                print("held")
                lock.release()
            except LockTimeout:
                print("timeout")
            """;

    @TempDir
    Path cache;

    private final ConcurrentLinkedQueue<String> broken = new ConcurrentLinkedQueue<>();
    private CacheLayout layout;

    @BeforeEach
    void makeCache() throws IOException {
        layout = CacheLayout.of(cache);
        Files.createDirectories(layout.sys());
    }

    private Child rez(String script, String... arguments) throws IOException {
        String bin = System.getenv("REZ_BIN");
        assertNotNull(bin, "REZ_BIN must name the folder that holds rez-python");
        List<String> command = new ArrayList<>(
                List.of(bin + "/rez-python", "-c", script, layout.sys().resolve(".lock").toString()));
        command.addAll(List.of(arguments));
        return Child.start(command);
    }

    private CacheLock lock(Duration timeout) {
        return new CacheLock(layout, timeout, broken::add);
    }

    private List<Path> names() throws IOException {
        try (Stream<Path> paths = Files.list(layout.sys())) {
            return paths.toList();
        }
    }

    @Test
    void acquire_rezAndWeAtOnce_exclusive() throws Exception {
        Path counter = Files.writeString(cache.resolve("counter"), "0\n");
        int rez = 0;
        int ours = 0;
        try (Child one = rez(COUNT, counter.toString(), "150"); Child two = rez(COUNT, counter.toString(), "150")) {
            assertEquals(List.of("ready", "ready"), List.of(one.line(), two.line()));
            CacheLock lock = lock(CacheLock.TIMEOUT);
            for (; ours < 1000; ours++) {
                try (CacheLock.Held _ = lock.acquire()) {
                    Programs.count(counter);
                }
            }
            rez = Integer.parseInt(Files.readString(counter).strip()) - ours;
            assertEquals(List.of(), one.finish());
            assertEquals(List.of(), two.finish());
        }
        assertTrue(rez > 0, "rez never had it while we took turns");
        assertEquals("1300\n", Files.readString(counter));
        assertEquals(List.of(), names());
        assertEquals(List.of(), List.copyOf(broken));
    }

    @Test
    void acquire_weHoldIt_rezTimesOut() throws Exception {
        try (CacheLock.Held _ = lock(CacheLock.TIMEOUT).acquire(); Child child = rez(TRY)) {
            assertEquals(List.of("timeout"), child.finish());
        }
        try (Child child = rez(TRY)) {
            assertEquals(List.of("held"), child.finish());
        }
        assertEquals(List.of(), names());
    }

    @Test
    void acquire_rezHoldsIt_weTimeOutAndNameItsPid() throws Exception {
        try (Child child = rez(HOLD)) {
            assertEquals("held", child.line());
            LockHolder holder = LockHolder.of(layout.lock()).orElseThrow();
            assertTrue(holder.name().orElseThrow().pids().contains(child.pid()), holder.describe());
            LockTimeoutException e = assertThrows(LockTimeoutException.class,
                    () -> lock(Duration.ofSeconds(1)).acquire());
            assertEquals("lock " + layout.lock() + " was not free for 1 s: " + holder.describe()
                    + "; if that process has ended, remove " + layout.lock(), e.getMessage());
            assertEquals(List.of(), child.finish());
        }
        lock(Duration.ofSeconds(1)).acquire().close();
        assertEquals(List.of(), names());
    }

    @Test
    void acquire_rezKilledWhileItHeldIt_takenOver() throws Exception {
        String holder;
        try (Child child = rez(HOLD)) {
            assertEquals("held", child.line());
            holder = LockHolder.of(layout.lock()).orElseThrow().describe();
            child.kill();
        }
        try (CacheLock.Held _ = lock(CacheLock.TIMEOUT).acquire(); Child child = rez(TRY)) {
            assertEquals(List.of("timeout"), child.finish());
        }
        assertEquals(List.of("lock " + layout.lock() + " taken over from a dead process: " + holder),
                List.copyOf(broken));
        assertEquals(List.of(), names());
    }

    @Test
    void sweep_rezWaiting_keepsItsFileUntilItIsKilled() throws Exception {
        CacheLock lock = lock(CacheLock.TIMEOUT);
        try (CacheLock.Held _ = lock.acquire(); Child child = rez(HOLD)) {
            Until.holds("rez waits", () -> names().size() == 3);
            assertEquals(0, lock.sweep());
            child.kill();
            assertEquals(1, lock.sweep());
            assertEquals(2, names().size());
        }
    }
}
