package io.rezpkgcached.cache.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.testing.Child;
import io.rezpkgcached.cache.testing.Unprivileged;
import io.rezpkgcached.cache.testing.Until;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheLockTest {
    private static final Duration SHORT = Duration.ofMillis(700);

    /** Larger than any pid_max. */
    private static final long NOBODY = 9_999_999;

    private static final Instant LONG_AGO = Instant.parse("2001-02-03T04:05:06Z");

    @TempDir
    Path cache;

    private final ProcessTable processes = new ProcessTable();
    private final ConcurrentLinkedQueue<String> broken = new ConcurrentLinkedQueue<>();
    private CacheLayout layout;
    private Path counter;

    @BeforeEach
    void makeCache() throws IOException {
        layout = CacheLayout.of(cache);
        Files.createDirectories(layout.sys());
        counter = Files.writeString(cache.resolve("counter"), "0\n");
    }

    private CacheLock lock(Duration timeout) {
        return new CacheLock(layout, timeout, broken::add);
    }

    private String name(long pid) throws IOException {
        return HolderName.of(processes.hostName(), 1, pid, 5);
    }

    private Path waiter(String name) throws IOException {
        return Files.createFile(layout.sys().resolve(name));
    }

    /** A lock held under this name. */
    private Path holder(String name) throws IOException {
        Path own = waiter(name);
        Files.createLink(layout.lock(), own);
        return own;
    }

    private void unnamed(Instant modified) throws IOException {
        Path own = holder(name(NOBODY));
        Files.setLastModifiedTime(own, FileTime.from(modified));
        Files.delete(own);
    }

    private Set<String> names() throws IOException {
        try (Stream<Path> paths = Files.list(layout.sys())) {
            return paths.map(path -> path.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private String describeHolder() throws IOException {
        return LockHolder.of(layout.lock()).orElseThrow().describe();
    }

    private int counted() throws IOException {
        return Integer.parseInt(Files.readString(counter).strip());
    }

    private void assertNotTaken(String because) throws IOException {
        Object inode = LockHolder.inodeOf(layout.lock());
        String holder = describeHolder();
        Set<String> before = names();
        LockTimeoutException e = assertThrows(LockTimeoutException.class, () -> lock(SHORT).acquire(), because);
        assertEquals("lock " + layout.lock() + " was not free for 0 s: " + holder
                + "; if that process has ended, remove " + layout.lock(), e.getMessage());
        assertEquals(inode, LockHolder.inodeOf(layout.lock()), because);
        assertEquals(before, names(), because);
        assertEquals(List.of(), List.copyOf(broken), because);
    }

    private void assertTakenOver(String because) throws Exception {
        String holder = describeHolder();
        try (CacheLock.Held _ = lock(CacheLock.TIMEOUT).acquire()) {
            assertEquals(List.of("lock " + layout.lock() + " taken over from a dead process: " + holder),
                    List.copyOf(broken), because);
            assertEquals(2, Files.getAttribute(layout.lock(), "unix:nlink"), because);
            assertEquals(List.of(ProcessHandle.current().pid()),
                    LockHolder.of(layout.lock()).orElseThrow().name().orElseThrow().pids(), because);
        }
        assertEquals(Set.of(), names(), because);
    }

    /** Lockers that know nothing of each other, as processes do, all at once. */
    private void countAtOnce(int lockers) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(lockers)) {
            Callable<Void> task = () -> {
                try (CacheLock.Held _ = lock(CacheLock.TIMEOUT).acquire()) {
                    Programs.count(counter);
                }
                return null;
            };
            for (Future<Void> done : threads.invokeAll(java.util.Collections.nCopies(lockers, task))) {
                done.get();
            }
        }
    }

    @Test
    void acquire_free_oneFileLinkedTwiceWhichGoes() throws Exception {
        try (CacheLock.Held _ = lock(SHORT).acquire()) {
            LockHolder holder = LockHolder.of(layout.lock()).orElseThrow();
            assertEquals(Optional.of(new HolderName(processes.hostName(), List.of(ProcessHandle.current().pid()))),
                    holder.name());
            assertEquals(Set.of(".lock.lock", holder.ownFile().orElseThrow().getFileName().toString()), names());
            assertEquals(2, Files.getAttribute(layout.lock(), "unix:nlink"));
        }
        assertEquals(Set.of(), names());
        assertEquals(Optional.empty(), LockHolder.of(layout.lock()));
    }

    @Test
    void acquire_manyProcessesAndThreads_exclusive() throws Exception {
        int each = 400;
        List<String> printed = new ArrayList<>();
        try (Child one = hammer(each); Child two = hammer(each); Child three = hammer(each)) {
            for (Child child : List.of(one, two, three)) {
                printed.addAll(child.finish());
            }
        }
        assertEquals(List.of(), printed);
        assertEquals(3 * each, counted());
        assertEquals(Set.of(), names());
    }

    @Test
    void close_steps_neverALockWithoutNamedOwner() throws Exception {
        try (WatchService watch = layout.sys().getFileSystem().newWatchService()) {
            WatchKey key = layout.sys().register(watch, StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_DELETE);
            String own;
            try (CacheLock.Held _ = lock(SHORT).acquire()) {
                own = LockHolder.of(layout.lock()).orElseThrow().ownFile().orElseThrow().getFileName().toString();
            }
            List<String> steps = new ArrayList<>();
            Until.holds("four steps", () -> {
                key.pollEvents().forEach(event -> steps.add(event.kind().name() + " " + event.context()));
                return steps.size() >= 4;
            });
            assertEquals(List.of("ENTRY_CREATE " + own, "ENTRY_CREATE .lock.lock", "ENTRY_DELETE .lock.lock",
                    "ENTRY_DELETE " + own), steps);
        }
    }

    private Child hammer(int times) throws IOException {
        return Child.start(
                Child.java(Programs.Hammer.class, cache.toString(), counter.toString(), Integer.toString(times)));
    }

    @Test
    void acquire_otherThreadOfThisLock_waitsThenTimesOut() throws Exception {
        CacheLock lock = lock(Duration.ofMillis(200));
        try (CacheLock.Held _ = lock.acquire(); ExecutorService other = Executors.newSingleThreadExecutor()) {
            ExecutionException e = assertThrows(ExecutionException.class, () -> other.submit(lock::acquire).get());
            assertEquals("lock " + layout.lock() + " was held by other threads of this process for PT0.2S",
                    assertInstanceOf(LockTimeoutException.class, e.getCause()).getMessage());
        }
        lock.acquire().close();
    }

    @Test
    void acquire_interrupted_leavesNothing() throws Exception {
        holder("elsewhere-1.17-5");
        Set<String> before = names();
        CacheLock lock = lock(CacheLock.TIMEOUT);
        Thread waiting = new Thread(() -> assertThrows(InterruptedException.class, lock::acquire), "waiting");
        waiting.start();
        Until.holds("it waits", () -> names().size() == before.size() + 1);
        waiting.interrupt();
        waiting.join();
        assertEquals(before, names());
        Files.delete(layout.lock());
        lock.acquire().close();
    }

    @Test
    void acquire_reporterFails_lockIsFreeAgain() throws Exception {
        holder(name(NOBODY));
        CacheLock lock = new CacheLock(layout, _ -> {
            throw new IllegalStateException("no space for the log");
        });
        assertThrows(IllegalStateException.class, lock::acquire);
        assertEquals(Set.of(), names());
        lock.acquire().close();
    }

    @Test
    void acquire_noFolder_failsAndIsUsableOnceItIsThere() throws Exception {
        Files.delete(layout.sys());
        CacheLock lock = lock(SHORT);
        assertThrows(NoSuchFileException.class, lock::acquire);
        Files.createDirectory(layout.sys());
        lock.acquire().close();
    }

    @Test
    void acquire_liveHolder_waitsForItsRelease() throws Exception {
        try (Child child = Child.start(Child.java(Programs.Hold.class, cache.toString()))) {
            assertEquals("held", child.line());
            assertNotTaken("a live process holds it");
            assertTrue(describeHolder().matches("held by " + layout.sys() + "/[^/]+, host \\Q" + processes.hostName()
                    + "\\E, pid " + child.pid() + ", since 20[-0-9:.TZ]+"), describeHolder());
            assertEquals(List.of(), child.finish());
        }
        lock(SHORT).acquire().close();
        assertEquals(Set.of(), names());
    }

    @Test
    void acquire_holderKilled_takenOverAndReported() throws Exception {
        try (Child child = Child.start(Child.java(Programs.Hold.class, cache.toString()))) {
            assertEquals("held", child.line());
            child.kill();
        }
        assertEquals(2, names().size());
        assertTakenOver("its process was killed");
    }

    @Test
    void acquire_holderIsZombie_takenOver() throws Exception {
        try (Child parent = Child.start(List.of("sh", "-c", "sleep 600 & echo $!; exec sleep 600"))) {
            long pid = Long.parseLong(parent.line());
            Until.holds("a parent that waits for no child",
                    () -> Files.readString(Path.of("/proc/" + parent.pid() + "/comm")).equals("sleep\n"));
            ProcessHandle.of(pid).orElseThrow().destroyForcibly();
            Until.holds("a zombie",
                    () -> Files.readString(Path.of("/proc/" + pid + "/stat")).contains(") Z "));
            holder(name(pid));
            assertTakenOver("a zombie does nothing more");
        }
    }

    @Test
    void acquire_deadHolderTwoProcesses_oneTakesOver() throws Exception {
        holder(name(NOBODY));
        String report = "lock " + layout.lock() + " taken over from a dead process: " + describeHolder();
        try (Child one = taker(); Child two = taker()) {
            assertEquals(List.of("ready", "ready"), List.of(one.line(), two.line()));
            List<String> reports = new ArrayList<>();
            // Both are let go by the end of their input; reading of one does not wait for the other.
            try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
                for (Future<List<String>> lines : threads
                        .invokeAll(List.<Callable<List<String>>>of(one::finish, two::finish))) {
                    reports.addAll(lines.get());
                }
            }
            assertEquals(List.of(report), reports);
        }
        assertEquals(2, counted());
        assertEquals(Set.of(), names());
    }

    private Child taker() throws IOException {
        return Child.start(Child.java(Programs.Take.class, cache.toString(), counter.toString()));
    }

    @Test
    void acquire_deadHolderManyBreakers_oneTakesOver() throws Exception {
        for (int round = 1; round <= 4; round++) {
            holder(name(NOBODY));
            countAtOnce(6);
            assertEquals(round, broken.size());
            assertEquals(6 * round, counted());
            assertEquals(Set.of(), names());
        }
    }

    @Test
    void acquire_unnamedOlderThanBootManyBreakers_oneAdoptsIt() throws Exception {
        for (int round = 1; round <= 4; round++) {
            unnamed(LONG_AGO);
            countAtOnce(6);
            assertEquals(round, broken.size());
            assertEquals(6 * round, counted());
            assertEquals(Set.of(), names());
        }
    }

    @Test
    void acquire_unnamedOlderThanBoot_takenOver() throws Exception {
        unnamed(LONG_AGO);
        assertTakenOver("it outlived a boot");
    }

    @Test
    void acquire_unnamedSinceThisBoot_notTaken() throws Exception {
        unnamed(Instant.now());
        assertNotTaken("rez may be releasing it");
    }

    @Test
    void acquire_foreignHostSinceThisBoot_notTaken() throws Exception {
        holder("elsewhere.example-1." + NOBODY + "-5");
        assertNotTaken("nothing is known of processes elsewhere");
    }

    @Test
    void acquire_nameOfNoHolder_notTaken() throws Exception {
        holder("backup-of-the-lock");
        assertNotTaken("whose it is cannot be told");
    }

    @Test
    void acquire_oneReadingOfItsNameIsAlive_notTaken() throws Exception {
        long pid = ProcessHandle.current().pid();
        holder(processes.hostName() + "-1." + pid + "1084562277574106015");
        assertNotTaken("one of the pids that it may mean is ours");
    }

    @Test
    void acquire_holderOfAnotherUserAlive_notTaken() throws Exception {
        // Process 1 belongs to root; this user may not signal it.
        holder(name(1));
        Unprivileged.own(cache);
        assertEquals(new Unprivileged.Outcome(0, "timeout\n"),
                Unprivileged.run(Programs.Try.class, cache.toString()));
    }

    @Test
    void acquire_deadHolderOfAnotherUser_takenOver() throws Exception {
        Unprivileged.own(cache);
        holder(name(NOBODY)); // the file is ours, the folder theirs
        assertEquals(new Unprivileged.Outcome(0, "broken\nheld\n"),
                Unprivileged.run(Programs.Try.class, cache.toString()));
        assertEquals(Set.of(), names());
    }

    @Test
    void sweep_filesBesideTheLock_onlyDeadWaitersGo() throws Exception {
        holder(name(NOBODY));
        waiter(HolderName.of(processes.hostName(), 2, NOBODY, 7));
        waiter(processes.hostName() + "-3." + NOBODY + "2305843009213693951");
        Set<String> dead = Set.of(HolderName.of(processes.hostName(), 2, NOBODY, 7),
                processes.hostName() + "-3." + NOBODY + "2305843009213693951");
        waiter("elsewhere-1." + NOBODY + "-7");
        waiter("notes.txt");
        waiter(processes.hostName() + "-1.0" + NOBODY + "-7");
        Files.createDirectory(layout.sys().resolve(HolderName.of(processes.hostName(), 4, NOBODY, 7)));
        Files.createSymbolicLink(layout.sys().resolve(HolderName.of(processes.hostName(), 5, NOBODY, 7)),
                Path.of("nowhere"));
        try (Child child = Child.start(List.of("sleep", "600"))) {
            waiter(name(child.pid()));
            waiter(processes.hostName() + "-1." + child.pid() + "2305843009213693951");
            Set<String> expected = names();
            expected.removeAll(dead);
            assertEquals(2, lock(SHORT).sweep());
            assertEquals(expected, names());
            assertEquals(0, lock(SHORT).sweep());
        }
    }

    @Test
    void isCertainlyDead_pidWasUsedAgain_trueThoughItsProcessLives() throws Exception {
        try (Child child = Child.start(List.of("sleep", "600"))) {
            Instant started = Instant.now();
            HolderName name = new HolderName(processes.hostName(), List.of(child.pid()));
            LockHolder before = new LockHolder("inode", started.minusSeconds(10), Optional.of(cache),
                    Optional.of(name));
            LockHolder after = new LockHolder("inode", started.plusSeconds(1), Optional.of(cache), Optional.of(name));
            assertEquals(Map.of("before", true, "after", false), Map.of("before",
                    before.isCertainlyDead(processes), "after", after.isCertainlyDead(processes)));
        }
    }

    @Test
    void of_namedHolder_sinceIsWhenItWasLinked() throws Exception {
        Path own = holder(name(NOBODY));
        Files.setLastModifiedTime(own, FileTime.from(LONG_AGO));
        Instant linked = ((FileTime) Files.getAttribute(layout.lock(), "unix:ctime", LinkOption.NOFOLLOW_LINKS))
                .toInstant();
        assertEquals(Optional.of(new LockHolder(LockHolder.inodeOf(own), linked, Optional.of(own),
                HolderName.parse(name(NOBODY)))), LockHolder.of(layout.lock()));
    }

    @Test
    void isOlderThanBoot_fileMadeNow_false() throws Exception {
        Path file = waiter("file");
        Files.setLastModifiedTime(file, FileTime.from(LONG_AGO));
        assertFalse(lock(SHORT).isOlderThanBoot(file), "its inode was changed since");
        assertFalse(lock(SHORT).isOlderThanBoot(file.resolveSibling("absent")));
    }
}
