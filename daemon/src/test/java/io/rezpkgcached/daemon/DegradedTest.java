package io.rezpkgcached.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.testing.DatagramReceiver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service whose cache cannot be worked in: it says so, lives on, and goes on by itself. */
@Tag("root")
class DegradedTest {
    private static final Duration WATCHDOG = Duration.ofSeconds(3);

    @TempDir
    Path folder;

    private Path cache;
    private Lab lab;
    private DatagramReceiver manager;

    @BeforeEach
    void mount() throws Exception {
        Path root = folder.toRealPath();
        cache = Files.createDirectory(root.resolve("small"));
        run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", cache.toString());
        lab = Lab.with(root, root.resolve("repository"), cache, "package_cache_space_buffer = 2000000",
                "max_tries = 2");
        manager = DatagramReceiver.at("@" + folder);
    }

    @AfterEach
    void unmount() throws Exception {
        manager.close();
        run("umount", "-l", cache.toString());
    }

    private static void run(String... command) throws Exception {
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor(), List.of(command).toString());
    }

    private Child start(Class<?> program) throws Exception {
        return Child.start(lab.root(), List.of(), program, lab.words(), Map.of("NOTIFY_SOCKET", "@" + folder,
                "WATCHDOG_USEC", Long.toString(WATCHDOG.toMillis() * 1000)));
    }

    private long heard(String text) {
        return manager.texts().stream().filter(message -> message.contains(text)).count();
    }

    private void awaitStatus(Child daemon, String text) throws Exception {
        Await.until("STATUS " + text, Await.LONG, () -> manager.texts() + daemon.output(),
                () -> manager.texts().stream()
                        .filter(message -> message.contains("STATUS=")).reduce((_, last) -> last).orElse("")
                        .contains(text));
    }

    private void assertPingGoesOn(Child daemon) throws Exception {
        for (int i = 0; i < 3; i++) {
            long before = heard("WATCHDOG=1");
            Await.until("it is fed", WATCHDOG, daemon::output, () -> heard("WATCHDOG=1") > before);
        }
    }

    @Test
    void disk_full_isDegradedUntilThereIsRoom() throws Exception {
        Handle handle = lab.install("maya", 3, 10_000);
        Path ballast = cache.resolve(".ballast");
        try (Child daemon = start(Main.class)) {
            awaitStatus(daemon, "Waiting for requests");
            Files.write(ballast, new byte[7_000_000]);
            lab.request(handle);
            awaitStatus(daemon, "Degraded: the disk of the cache " + cache + " is full: ");
            assertPingGoesOn(daemon);
            assertFalse(lab.isCached(handle));
            Files.delete(ballast);
            lab.assertCachedAndTidy(List.of(handle));
            awaitStatus(daemon, "Waiting for requests");
            assertTrue(lab.log().contains(" WARNING Degraded: the disk "), lab::log);
            assertTrue(lab.log().contains(" INFO No longer degraded, after "), lab::log);
            daemon.stop();
        }
    }

    /** A mount for writing and one for reading of the same place, as a service has whose unit does not let it write. */
    @Test
    void cache_readOnly_isDegradedAndGivesNothingUp() throws Exception {
        Handle handle = lab.install("maya", 3, 10_000);
        try (Child daemon = start(Main.class)) {
            awaitStatus(daemon, "Waiting for requests");
            daemon.signal("STOP");
            run("mount", "--bind", cache.toString(), cache.toString());
            run("mount", "-o", "remount,ro,bind", cache.toString());
            daemon.signal("CONT");
            awaitStatus(daemon, "Degraded: the cache " + cache + " cannot be written by user 0: ");
            assertTrue(daemon.output().contains("rez-pkg-cached --print-drop-in"), daemon::output);
            assertPingGoesOn(daemon);
            run("umount", "-l", cache.toString());
            lab.request(handle);
            lab.assertCachedAndTidy(List.of(handle));
            daemon.stop();
        }
    }

    @Test
    void start_onReadOnlyCache_waitsUntilItCanBeWritten() throws Exception {
        Handle handle = lab.install("maya", 3, 10_000);
        lab.request(handle);
        run("mount", "-o", "remount,ro", cache.toString());
        try (Child daemon = start(Main.class)) {
            awaitStatus(daemon, "Degraded: the cache " + cache + " cannot be written by user 0: ");
            assertEquals(1, heard("READY=1"));
            assertPingGoesOn(daemon);
            run("mount", "-o", "remount,rw", cache.toString());
            lab.assertCachedAndTidy(List.of(handle));
            daemon.stop();
        }
    }

    @Test
    void worker_thatHangs_doesNotStopThePing() throws Exception {
        Path mount = lab.root().resolve("mount");
        Lab far = Lab.with(Files.createDirectory(lab.root().resolve("far")), lab.root().resolve("far/source"),
                lab.cache());
        Handle near = lab.install("near", 3, 10);
        Handle behind = Handle.of(mount.toString(), "behind", far.install("behind", 3, 10).version(),
                OptionalInt.empty());
        try (Child daemon = start(ImpatientDaemon.class);
                SlowStorage storage = SlowStorage.mount(far.repository(), mount, far.root(), 0)) {
            awaitStatus(daemon, "Waiting for requests");
            storage.hang();
            lab.request(behind);
            awaitStatus(daemon, "Copying behind-1.0");
            assertPingGoesOn(daemon);
            lab.request(near);
            Await.until("the other is served", () -> lab.isCached(near));
            assertPingGoesOn(daemon);
            storage.answer();
            Await.until("the first is served", () -> lab.isCached(behind));
            daemon.stop();
        }
    }

    @Test
    void repository_thatHangsAtStart_keepsNobodyFromBeingServed() throws Exception {
        Path mount = lab.root().resolve("mount");
        Lab far = Lab.with(Files.createDirectory(lab.root().resolve("far")), lab.root().resolve("far/source"),
                lab.cache());
        lab = Lab.with(lab.root(), lab.repository(), cache,
                "repositories = [\"" + mount + "\", \"" + lab.repository() + "\"]");
        Handle near = lab.install("near", 3, 10);
        try (SlowStorage storage = SlowStorage.mount(far.repository(), mount, far.root(), 0)) {
            storage.hang();
            try (Child daemon = start(Main.class)) {
                awaitStatus(daemon, "Waiting for requests");
                lab.request(near);
                Await.until("it is served", () -> lab.isCached(near));
                daemon.stop();
            } finally {
                storage.answer();
            }
        }
    }
}
