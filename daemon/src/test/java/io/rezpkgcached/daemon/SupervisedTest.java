package io.rezpkgcached.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.posix.Posix;
import io.rezpkgcached.cache.testing.DatagramReceiver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a service manager hears of the daemon, and what it may ask of it. */
class SupervisedTest {
    @TempDir
    Path folder;

    private Lab lab;
    private DatagramReceiver manager;

    @BeforeEach
    void listen() throws Exception {
        lab = Lab.in(folder);
        manager = DatagramReceiver.at("@" + folder);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private Child start(String... before) throws Exception {
        List<String> words = new ArrayList<>(List.of(before));
        words.addAll(lab.words());
        return Child.start(lab.root(), List.of(), Main.class, words,
                Map.of("NOTIFY_SOCKET", "@" + folder, "WATCHDOG_USEC", "1500000"));
    }

    private void awaitMessage(Child daemon, String text) throws Exception {
        awaitMessages(daemon, 1, text);
    }

    private void awaitMessages(Child daemon, int count, String text) throws Exception {
        Await.until("the manager hears " + text, Await.LONG, () -> manager.texts() + daemon.output(),
                () -> heard(text) >= count);
    }

    private long heard(String text) {
        return manager.texts().stream().filter(message -> message.contains(text)).count();
    }

    @Test
    void daemon_fromStartToStop_saysWhatItDoes() throws Exception {
        Lab slow = Lab.in(folder, "copy_bytes_per_second = 100 kB");
        Handle handle = slow.install("maya", 10, 10_000);
        slow.request(handle);
        try (Child daemon = start()) {
            awaitMessage(daemon, "READY=1\nSTATUS=");
            awaitMessage(daemon, "STATUS=Copying maya-1.0");
            slow.assertCachedAndTidy(List.of(handle));
            awaitMessage(daemon, "STATUS=Waiting for requests");
            assertEquals(0, heard("STOPPING"));
            daemon.stop();
        }
        assertEquals(1, heard("STOPPING=1\nSTATUS=Stopping"));
        assertEquals(1, heard("READY=1"));
        List<String> texts = manager.texts();
        assertTrue(texts.getFirst().startsWith("READY=1\n"), texts::toString);
    }

    @Test
    void watchdog_whileItWorks_isFedInTimeAndWhileStoppedIsNot() throws Exception {
        try (Child daemon = start()) {
            awaitMessage(daemon, "READY=1");
            for (int pings = 1; pings <= 5; pings++) {
                int enough = pings;
                Await.until("ping " + pings + " comes within the limit", Duration.ofMillis(1500), daemon::output,
                        () -> heard("WATCHDOG=1") >= enough);
            }
            daemon.signal("STOP");
            Await.until("it stands still", () -> {
                long before = heard("WATCHDOG=1");
                Thread.sleep(Duration.ofMillis(700));
                return heard("WATCHDOG=1") == before;
            });
            daemon.signal("CONT");
            awaitMessages(daemon, (int) heard("WATCHDOG=1") + 1, "WATCHDOG=1");
            daemon.stop();
        }
    }

    @Test
    void watchdog_ofAnotherProcess_isNotFed() throws Exception {
        try (Child daemon = Child.start(lab.root(), List.of(), Main.class, lab.words(),
                Map.of("NOTIFY_SOCKET", "@" + folder, "WATCHDOG_USEC", "100000", "WATCHDOG_PID", "1"))) {
            awaitMessage(daemon, "READY=1");
            Await.always("nothing is fed", Duration.ofSeconds(1), () -> heard("WATCHDOG=1") == 0);
            daemon.stop();
        }
    }

    @Test
    void cache_missing_isWaitedForAndPingGoesOn() throws Exception {
        Handle handle = lab.install("maya", 3, 10);
        Files.delete(lab.cache());
        try (Child daemon = start()) {
            awaitMessage(daemon, "READY=1\nSTATUS=Degraded: Not a directory: " + lab.cache());
            awaitMessages(daemon, (int) heard("WATCHDOG=1") + 3, "WATCHDOG=1");
            Files.createDirectory(lab.cache());
            lab.request(handle);
            lab.assertCachedAndTidy(List.of(handle));
            awaitMessage(daemon, "STATUS=Waiting for requests");
            assertTrue(daemon.output().contains("No longer degraded, after "), daemon::output);
            Files.move(lab.cache(), lab.root().resolve("away"));
            awaitMessages(daemon, 2, "STATUS=Degraded: Not a directory: ");
            daemon.stop();
        }
    }

    @Test
    void cache_missingUnsupervised_endsTheStart() throws Exception {
        Files.delete(lab.cache());
        try (Child daemon = lab.start()) {
            assertEquals(ExitCode.NO_CACHE, daemon.awaitExit(Await.LONG), daemon::output);
        }
    }

    @Test
    void cache_servedByAnother_isWaitedFor() throws Exception {
        Handle handle = lab.install("maya", 3, 10);
        try (Child other = lab.start().awaitStart(); Child daemon = start()) {
            awaitMessage(daemon, "STATUS=Degraded: cache " + lab.cache() + " is already served by pid " + other.pid());
            other.stop();
            awaitMessage(daemon, "STATUS=Waiting for requests");
            lab.request(handle);
            lab.assertCachedAndTidy(List.of(handle));
            daemon.stop();
        }
    }

    @Test
    void cache_ofNewerFormat_endsTheServiceToo() throws Exception {
        Files.createDirectories(lab.layout().ours());
        Files.writeString(lab.layout().format(), "2\n");
        try (Child daemon = start()) {
            assertEquals(ExitCode.CANNOT_WRITE, daemon.awaitExit(Await.LONG), daemon::output);
        }
        assertEquals(0, heard("READY=1"));
    }

    @Test
    void sigterm_whileCacheIsMissing_endsItWellAndAtOnce() throws Exception {
        Files.delete(lab.cache());
        try (Child daemon = start()) {
            awaitMessage(daemon, "STATUS=Degraded: ");
            daemon.stop();
        }
        assertEquals(1, heard("STOPPING=1"));
    }

    @Test
    void untilIdle_whereAnotherServesAndNothingIsAsked_ends() throws Exception {
        try (Child other = lab.start().awaitStart(); Child daemon = start("--until-idle")) {
            assertEquals(ExitCode.OK, daemon.awaitExit(Await.LONG), daemon::output);
            other.stop();
        }
    }

    @Test
    void sighup_withOtherSettings_changesThemAndSaysWhichCannotBe() throws Exception {
        Handle handle = lab.install("maya", 3, 10);
        try (Child daemon = start()) {
            awaitMessage(daemon, "READY=1");
            long before = TimeUnit.NANOSECONDS.toMicros(Posix.monotonicTime().toNanos());
            String old = Files.readString(lab.config());
            Files.writeString(lab.config(), old + "workers = 2\nrepositories = [\"/nowhere\"]\nlog_level = debug\n"
                    + "cache_packages_path = \"/elsewhere\"\n");
            daemon.signal("HUP");
            awaitMessages(daemon, 2, "READY=1");
            List<String> texts = manager.texts().stream()
                    .filter(text -> text.contains("READY=1") || text.contains("RELOADING=1")).toList();
            assertEquals(3, texts.size(), texts::toString);
            assertTrue(texts.get(1).startsWith("RELOADING=1\nMONOTONIC_USEC="), texts::toString);
            long said = Long.parseLong(texts.get(1).substring(texts.get(1).lastIndexOf('=') + 1));
            long after = TimeUnit.NANOSECONDS.toMicros(Posix.monotonicTime().toNanos());
            assertTrue(before <= said && said <= after, () -> before + " " + said + " " + after);
            String log = daemon.output();
            assertTrue(log.contains("Configuration read again: repositories = [\"/nowhere\"] (was []), "
                    + "workers = 2 (was 4), log_level = \"debug\" (was \"info\")"), log);
            assertTrue(log.contains("takes effect only with the next start of the daemon: cache_packages_path ="), log);
            lab.request(handle);
            lab.awaitLog("Refused request maya-1.0"); // its repository is not among the new ones
            assertFalse(lab.isCached(handle));
            Files.writeString(lab.config(), old);
            daemon.signal("HUP");
            awaitMessages(daemon, 3, "READY=1");
            lab.request(handle);
            lab.awaitServed();
            assertTrue(lab.isCached(handle), lab::log);
            daemon.stop();
        }
    }

    @Test
    void sighup_withBadSettings_refusesThemAndGoesOn() throws Exception {
        Handle handle = lab.install("maya", 3, 10);
        try (Child daemon = start()) {
            awaitMessage(daemon, "READY=1");
            Files.writeString(lab.config(), "workres = 3\n");
            daemon.signal("HUP");
            awaitMessages(daemon, 2, "READY=1");
            assertTrue(daemon.output().contains("The new configuration is refused, and the old one goes on: "),
                    daemon::output);
            assertTrue(daemon.output().contains("did you mean workers?"), daemon::output);
            Files.writeString(lab.config(),
                    "shared_cache = true\nrepositories = [\"" + lab.repository()
                            + "\"]\nadmin_group = \"no such group\"\n");
            daemon.signal("HUP");
            awaitMessages(daemon, 3, "READY=1");
            assertTrue(daemon.output().contains("admin_group is no such group, and there is no such group"),
                    daemon::output);
            lab.request(handle);
            lab.assertCachedAndTidy(List.of(handle));
            daemon.stop();
        }
    }
}
