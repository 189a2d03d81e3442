package io.rezpkgcached.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.StateFile;
import io.rezpkgcached.cache.posix.Flock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The daemon as a process: how it starts, ends, and shares the machine. */
class ProcessTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    /** USER_HZ: a tick is 10 ms. */
    private static final long MILLIS_PER_TICK = 10;

    @TempDir
    Path folder;

    private Lab lab;

    @BeforeEach
    void makeLab() throws Exception {
        lab = Lab.in(folder);
    }

    private void assertEnds(int status, String message, String... words) throws Exception {
        try (Child child = Child.start(lab.root(), List.of(), Main.class, List.of(words))) {
            assertEquals(status, child.awaitExit(SOON), child::output);
            assertTrue(child.output().contains(message), child::output);
            assertFalse(child.output().contains("\tat "), child::output);
        }
    }

    @Test
    void start_withBadWords_exitsWith64() throws Exception {
        assertEnds(ExitCode.USAGE, "rez-pkg-cached: error: unknown option --no-such\n", "--no-such");
        assertEnds(ExitCode.USAGE, "rez-pkg-cached: error: more than one cache: a, b\n", "a", "b");
        assertEnds(ExitCode.USAGE, "rez-pkg-cached: error: --config needs a file\n", "--config");
        assertEnds(ExitCode.USAGE, "rez-pkg-cached: no cache: ", "--config", lab.config().toString());
    }

    @Test
    void start_withoutCache_exitsWith66() throws Exception {
        Path missing = lab.root().resolve("missing");
        assertEnds(ExitCode.NO_CACHE, "rez-pkg-cached: Not a directory: " + missing, missing.toString());
        assertFalse(Files.exists(missing));
    }

    @Test
    void start_withBadSettings_exitsWith78() throws Exception {
        Files.writeString(lab.config(), "workres = 3\nmax_tries = none\npackage_cache_log_days = {}\n");
        String[] words = lab.words().toArray(String[]::new);
        for (String problem : List.of("did you mean workers?", "max_tries", "package_cache_log_days")) {
            assertEnds(ExitCode.CONFIG, problem, words);
        }
    }

    @Test
    void start_onCacheOfNewerFormat_exitsWith73() throws Exception {
        Files.createDirectories(lab.layout().ours());
        Files.writeString(lab.layout().format(), "2\n");
        assertEnds(ExitCode.CANNOT_WRITE, "was used by a newer rez-pkg-cached (format 2, this one knows 1)",
                lab.words().toArray(String[]::new));
    }

    @Test
    void start_forHelpOrVersion_printsAndExitsWith0() throws Exception {
        assertEnds(ExitCode.OK, Arguments.HELP, "--help");
        assertEnds(ExitCode.OK, "rez-pkg-cached " + Version.text() + "\n", "--version");
    }

    @Test
    void start_forSettings_printsThemAndExitsWith0() throws Exception {
        assertEnds(ExitCode.OK, "package_cache_used_threshold = 100    # " + lab.config(), "--print-settings",
                "--config", lab.config().toString());
        assertEnds(ExitCode.OK, "package_cache_max_variant_days = 30    # ", "--print-settings");
    }

    @Test
    void start_whileAnotherServes_exitsWith75AndNamesIt() throws Exception {
        try (Child daemon = lab.start().awaitStart()) {
            assertEnds(ExitCode.ALREADY_SERVED, "is already served by pid " + daemon.pid() + ", version "
                    + Version.text() + ", since ", lab.words().toArray(String[]::new));
            assertTrue(Files.exists(lab.layout().daemonFile()));
            daemon.stop();
        }
    }

    @Test
    void lock_askedForByShell_tellsWhetherDaemonRuns() throws Exception {
        try (Child daemon = lab.start().awaitStart()) {
            assertEquals(1, flock());
            daemon.stop();
        }
        assertEquals(0, flock());
    }

    private int flock() throws Exception {
        return new ProcessBuilder("flock", "-n", lab.layout().daemonLock().toString(), "true").start().waitFor();
    }

    @Test
    void lock_heldForGood_endsStart() throws Exception {
        Files.createDirectories(lab.layout().ours());
        try (Flock _ = Flock.tryLock(lab.layout().daemonLock(), 0644).orElseThrow()) {
            assertEnds(ExitCode.ALREADY_SERVED, "is already served by a process that has not yet said who it is",
                    lab.words().toArray(String[]::new));
        }
    }

    /** As {@code flock -n LOCK true} does, and a little longer. */
    @Test
    void lock_heldForAMomentByFlock_doesNotStopStart() throws Exception {
        Files.createDirectories(lab.layout().ours());
        Process holder = new ProcessBuilder("flock", lab.layout().daemonLock().toString(), "sh", "-c",
                "echo held; exec sleep 1").start();
        try (Child daemon = startOnceHeld(holder)) {
            daemon.awaitStart();
            daemon.stop();
        }
        assertEquals(0, holder.waitFor());
    }

    private Child startOnceHeld(Process holder) throws Exception {
        assertEquals("held", holder.inputReader().readLine());
        return lab.start();
    }

    @Test
    void daemonFile_whileItRuns_saysWhichProcess() throws Exception {
        try (Child daemon = lab.start().awaitStart()) {
            Map<String, Object> file = StateFile.read(lab.layout().daemonFile()).orElseThrow();
            assertEquals(Set.of("pid", "version", "since", "socket"), file.keySet());
            assertEquals(daemon.pid(), file.get("pid"));
            assertEquals(PosixFilePermissions.fromString("rw-r--r--"),
                    Files.getPosixFilePermissions(lab.layout().daemonFile()));
            daemon.stop();
        }
        assertFalse(Files.exists(lab.layout().daemonFile()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void signal_whenIdle_endsItAtOnce(String signal) throws Exception {
        try (Child daemon = lab.start().awaitStart()) {
            LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
            assertEndsWithin(Duration.ofSeconds(2), daemon, signal);
        }
    }

    /** Java itself ends with 143 before it has come to our code; once we say that we have started it is 0. */
    @Test
    void sigterm_whileItStarts_leavesNothingBehind() throws Exception {
        Handle handle = lab.install("maya", 3, 10);
        for (int millis = 50; millis <= 800; millis += 150) {
            lab.request(handle);
            try (Child daemon = lab.start()) {
                LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
                daemon.signal("TERM");
                int status = daemon.awaitExit(SOON);
                assertTrue(status == 0 || (status == 128 + 15 && !daemon.output().contains("Started daemon")),
                        () -> status + ": " + daemon.output());
            }
        }
        try (Child daemon = lab.start().awaitStart()) {
            lab.assertCachedAndTidy(List.of(handle));
            daemon.stop();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void signal_duringLongCopy_putsItBackAndNextStartServesIt(String signal) throws Exception {
        Lab slow = Lab.in(folder, "copy_bytes_per_second = 100 kB");
        Handle handle = slow.install("maya", 30, 100_000);
        slow.request(handle);
        try (Child daemon = slow.start()) {
            slow.awaitLog("Started caching");
            Await.until("it copies", () -> Lab.count(slow.layout().staging()) > 6);
            assertEndsWithin(Duration.ofSeconds(10), daemon, signal);
        }
        assertEquals(1, Lab.names(slow.layout().pending()).size());
        assertFalse(slow.find(handle).isPresent());
        slow.assertTidy(0);
        Lab fast = Lab.in(folder);
        try (Child daemon = fast.start()) {
            fast.assertCachedAndTidy(List.of(handle));
            daemon.stop();
        }
    }

    /** As where the disk of the cache is full. */
    @Test
    void start_thatTheDiskRefuses_isTriedAgainAndSaidOnce() throws Exception {
        Handle handle = lab.install("maya", 3, 10);
        Path inTheWay = Files.createDirectories(lab.layout().daemonFile().resolve("in-the-way"));
        lab.request(handle);
        try (Child daemon = lab.start()) {
            daemon.awaitOutput("Cannot begin yet: ");
            Await.always("it waits", Duration.ofSeconds(3), () -> daemon.isAlive() && !lab.isCached(handle));
            Files.delete(inTheWay);
            Files.delete(lab.layout().daemonFile());
            lab.assertCachedAndTidy(List.of(handle));
            assertEquals(2, daemon.output().split("Cannot begin yet: ", -1).length, daemon::output);
            daemon.stop();
        }
    }

    @Test
    void sigterm_whileTheDiskRefusesStart_endsItAtOnce() throws Exception {
        Files.createDirectories(lab.layout().daemonFile().resolve("in-the-way"));
        try (Child daemon = lab.start()) {
            daemon.awaitOutput("Cannot begin yet: ");
            assertEndsWithin(Duration.ofSeconds(2), daemon, "TERM");
        }
    }

    /** rez's lock is waited for longer than a stop may take. */
    @Test
    void sigterm_whileLockOfRezIsHeld_endsItAtOnce() throws Exception {
        Files.createDirectories(lab.layout().sys());
        Path own = Files.createFile(lab.layout().sys().resolve("elsewhere-1f.100-1"));
        Files.createLink(lab.layout().lock(), own);
        try (Child daemon = lab.start()) {
            Await.until("it waits for the lock", () -> Lab.names(lab.layout().sys()).size() > 6);
            assertEndsWithin(Duration.ofSeconds(2), daemon, "TERM");
        }
        assertEquals(Set.of(own.getFileName().toString(), ".lock.lock", "log", "pending", "rez-pkg-cached",
                "to_delete"), Lab.names(lab.layout().sys()));
    }

    /** Ends it by a signal, with status 0 and the log's last line; how long it took goes to the output of the test. */
    private void assertEndsWithin(Duration limit, Child daemon, String signal) throws Exception {
        long begun = System.nanoTime();
        daemon.signal(signal);
        assertEquals(0, daemon.awaitExit(SOON), daemon::output);
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        System.out.println("ended by " + signal + " in " + took.toMillis() + " ms");
        assertTrue(took.compareTo(limit) < 0, took::toString);
        String last = lab.log().lines().toList().getLast();
        assertTrue(last.endsWith(" INFO Stopped daemon rez-pkg-cached on " + lab.cache()), last);
    }

    @Test
    void lockOfRez_heldAtStart_isWaitedFor() throws Exception {
        Handle handle = lab.install("maya", 3, 10);
        Files.createDirectories(lab.layout().sys());
        // As rez on another host, of which we cannot know whether it lives.
        Path own = Files.createFile(lab.layout().sys().resolve("elsewhere-1f.100-1"));
        Files.createLink(lab.layout().lock(), own);
        lab.request(handle);
        try (Child daemon = lab.start()) {
            daemon.awaitOutput("Cannot begin yet: ");
            assertTrue(daemon.isAlive());
            Files.delete(own);
            Files.delete(lab.layout().lock());
            lab.assertCachedAndTidy(List.of(handle));
            daemon.stop();
        }
    }

    @Test
    void idle_usesNoProcessor() throws Exception {
        Handle handle = lab.install("maya", 3, 10);
        lab.request(handle);
        try (Child daemon = lab.start()) {
            lab.assertCachedAndTidy(List.of(handle));
            Await.until("it has come to rest", () -> ticks(daemon, Duration.ofMillis(500)) == 0);
            long ticks = ticks(daemon, Duration.ofSeconds(4));
            System.out.println("idle: " + ticks + " ticks in 4 s");
            assertTrue(ticks * MILLIS_PER_TICK <= 30, () -> ticks * MILLIS_PER_TICK + " ms in 4 s");
            daemon.stop();
        }
    }

    private static long ticks(Child child, Duration time) throws Exception {
        long before = ticks(child);
        LockSupport.parkNanos(time.toNanos());
        return ticks(child) - before;
    }

    /** utime and stime of proc(5). */
    private static long ticks(Child child) throws Exception {
        String stat = Files.readString(Path.of("/proc", Long.toString(child.pid()), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    @Test
    void marker_underLoad_isNeverOld() throws Exception {
        Lab slow = Lab.in(folder, "copy_bytes_per_second = 200 kB");
        Handle handle = slow.install("maya", 20, 100_000);
        List<Process> load = new ArrayList<>();
        try (Child daemon = slow.start()) {
            for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
                load.add(new ProcessBuilder("sh", "-c", "while :; do :; done").start());
            }
            slow.request(handle);
            Await.until("it copies", () -> slow.find(handle).isPresent());
            Path marker = slow.find(handle).orElseThrow().entry().marker();
            long begun = System.nanoTime();
            long oldest = 0;
            while (Files.exists(marker)) {
                long age = System.currentTimeMillis() - lastModified(marker);
                oldest = Math.max(oldest, age);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
            long took = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun);
            long age = oldest;
            assertTrue(took >= 8, () -> "the copy took only " + took + " s");
            System.out.println("marker at most " + age + " ms old");
            assertTrue(age <= 2500, () -> "the marker was " + age + " ms old");
            slow.assertCachedAndTidy(List.of(handle));
            daemon.stop();
        } finally {
            load.forEach(Process::destroyForcibly);
        }
    }

    /** Of a file that may have just gone, in milliseconds since the epoch. */
    private static long lastModified(Path file) throws Exception {
        try {
            return Files.getLastModifiedTime(file).toMillis();
        } catch (NoSuchFileException _) {
            return Long.MAX_VALUE;
        }
    }
}
