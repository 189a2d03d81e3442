package io.rezpkgcached.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.CacheWalk;
import io.rezpkgcached.cache.layout.StateFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of names in the spool. */
class SpoolTest {
    @TempDir
    Path folder;

    private Lab lab;

    @BeforeEach
    void makeLab() throws Exception {
        lab = Lab.in(folder, "scan_interval = 10 minutes");
    }

    @Test
    void request_beforeStart_isServed() throws Exception {
        Handle handle = lab.install("maya", 3, 10);
        lab.request(handle);
        try (Child daemon = lab.start()) {
            lab.assertCachedAndTidy(List.of(handle));
            daemon.stop();
        }
    }

    @Test
    void request_whileItSleeps_wakesIt() throws Exception {
        Handle first = lab.install("maya", 3, 10);
        Handle second = lab.install("nuke", 3, 10);
        try (Child daemon = lab.start().awaitStart()) {
            lab.request(first);
            lab.awaitServed();
            long begun = System.nanoTime();
            lab.request(second);
            lab.awaitServed();
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            assertTrue(took.compareTo(Duration.ofSeconds(2)) < 0, took::toString);
            lab.assertCachedAndTidy(List.of(first, second));
            daemon.stop();
        }
    }

    @Test
    void requests_thousandAtOnce_allAreServed() throws Exception {
        List<Handle> handles = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            Path payload = lab.payload("p" + i);
            Files.createDirectories(payload);
            Files.writeString(payload.resolve("package.py"), "name = 'p%d'\n".formatted(i));
            handles.add(lab.handle("p" + i));
        }
        try (Child daemon = lab.start().awaitStart()) {
            for (Handle handle : handles) {
                lab.request(handle);
            }
            Await.until("all are served", Duration.ofMinutes(2), lab::log,
                    () -> Lab.names(lab.layout().pending()).isEmpty());
            lab.assertTidy(1000);
            for (Handle handle : handles) {
                assertTrue(lab.isCached(handle), handle::toString);
            }
            daemon.stop();
        }
    }

    @Test
    void request_writtenInTwoParts_isServed() throws Exception {
        Handle handle = lab.install("maya", 3, 10);
        String text = handle.toJson();
        try (Child daemon = lab.start().awaitStart()) {
            Path file = lab.request(Lab.requestName(handle), text.substring(0, 30));
            LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
            Files.writeString(file, text);
            lab.assertCachedAndTidy(List.of(handle));
            assertEquals(Set.of(), Lab.names(lab.layout().refused()));
            daemon.stop();
        }
    }

    @Test
    void requests_ofOneVariant_areServedByOneCopy() throws Exception {
        Handle handle = lab.install("maya", 3, 10);
        for (int i = 0; i < 5; i++) {
            lab.request(handle);
        }
        try (Child daemon = lab.start()) {
            lab.assertCachedAndTidy(List.of(handle));
            lab.request(handle);
            lab.awaitLog("Variant was already cached at ");
            lab.assertCachedAndTidy(List.of(handle));
            assertEquals(2, lab.log().split("Cached variant to ", -1).length);
            daemon.stop();
        }
    }

    @Test
    void request_thatRezWouldDecline_isDeletedWithRezsWarning() throws Exception {
        Lab strict = Lab.in(folder, "default_cachable = false");
        Handle handle = strict.install("maya", 3, 10);
        strict.request(handle);
        strict.request(strict.handle("gone"));
        try (Child daemon = strict.start()) {
            strict.awaitServed();
            strict.awaitLog(" WARNING Not cached - package is not cachable: " + strict.payload("maya")
                    + "/package.py\n");
            strict.awaitLog(" WARNING Not cached - there is no " + strict.repository() + "/gone\n");
            strict.assertTidy(0);
            assertEquals(Set.of(), Lab.names(strict.layout().refused()));
            daemon.stop();
        }
    }

    @Test
    void requests_thatAreNone_areRefusedAndGoodOnesStillServed() throws Exception {
        Handle good = lab.install("maya", 3, 10);
        Handle later = lab.install("nuke", 3, 10);
        try (Child daemon = lab.start().awaitStart()) {
            makeHostile();
            Path goodFile = lab.request(good);
            Await.until("good one is served", () -> !Files.exists(goodFile));
            lab.awaitServed();
            assertTrue(lab.isCached(good));
            assertTrue(daemon.isAlive());
            lab.request(later);
            lab.assertCachedAndTidy(List.of(good, later));
            daemon.stop();
        }
        Map<String, String> reasons = new java.util.TreeMap<>();
        for (Path file : CacheWalk.children(lab.layout().refused())) {
            if (Files.isRegularFile(file)) {
                Map<String, Object> note = StateFile.read(file).orElseThrow();
                reasons.put(note.get("file").toString(), note.get("reason").toString());
            }
        }
        assertEquals(Set.of("garbage", "deep", "large", "folder", "fifo", "link", "new\nline", ".x", "empty", "array",
                "nul", "up"), reasons.keySet());
        for (String name : reasons.keySet()) {
            String line = " WARNING Refused request " + name.replace("\n", "\\n") + " of user ";
            assertTrue(lab.log().contains(line), () -> line + " is missing in\n" + lab.log());
        }
        assertTrue(lab.log().lines().allMatch(line -> LogTest.REZ_LINE.matcher(line).matches()), lab::log);
    }

    private void makeHostile() throws Exception {
        String handle = lab.handle("maya").toJson();
        lab.request("garbage", "\0\1\2 garbage");
        lab.request("deep", "[".repeat(30_000) + "]".repeat(30_000));
        lab.request("large", "{" + " ".repeat(10_000_000) + "}");
        Files.createDirectories(lab.layout().pending().resolve("folder/full/of"));
        Files.writeString(lab.layout().pending().resolve("folder/full/of/files"), "text");
        assertEquals(0, new ProcessBuilder("mkfifo", lab.layout().pending().resolve("fifo").toString()).start()
                .waitFor());
        Files.createSymbolicLink(lab.layout().pending().resolve("link"), Path.of("/etc/passwd"));
        lab.request("new\nline", "{}");
        lab.request(".x", "{\"key\": 1}");
        Path empty = lab.request("empty", "");
        Files.setLastModifiedTime(empty,
                java.nio.file.attribute.FileTime.from(java.time.Instant.now().minusSeconds(60)));
        lab.request("array", "[]");
        lab.request("nul", handle.replace("maya", "ma\\u0000ya"));
        lab.request("up", handle.replace("maya", ".."));
    }

    @Test
    void requests_inFolderThatWasMadeAnew_areServed() throws Exception {
        Handle handle = lab.install("maya", 3, 10);
        try (Child daemon = lab.start().awaitStart()) {
            lab.request(handle);
            lab.awaitServed();
            Files.delete(lab.layout().pending());
            lab.awaitLog("The folder of requests has gone");
            Handle later = lab.install("nuke", 3, 10);
            lab.request(later);
            lab.assertCachedAndTidy(List.of(handle, later));
            daemon.stop();
        }
    }

    @Test
    void repository_missing_requestIsKeptUntilItAppears() throws Exception {
        Handle handle = lab.install("maya", 3, 10);
        Path away = folder.toRealPath().resolve("away");
        Files.move(lab.repository(), away);
        lab.request(handle);
        try (Child daemon = lab.start()) {
            lab.awaitLog(" WARNING Deferred caching of variant maya-1.0[] of " + lab.repository()
                    + ", next try in 0 s: the repository is not there: ");
            Await.until("it is noted", () -> Lab.names(lab.layout().deferred()).size() == 1);
            daemon.stop();
        }
        assertEquals(1, Lab.names(lab.layout().pending()).size());
        assertEquals(0, lab.log().split("Started caching", -1).length - 1);
        try (Child daemon = lab.start().awaitStart()) {
            Files.move(away, lab.repository());
            lab.assertCachedAndTidy(List.of(handle));
            daemon.stop();
        }
    }

    @Test
    void repository_missingForLong_isTriedMoreRarelyAndSaidOnce() throws Exception {
        Lab slow = Lab.in(folder, "retry_pause = 100 ms", "retry_pause_max = 1 hour", "log_level = debug");
        slow.request(slow.handle("maya"));
        try (Child daemon = slow.start()) {
            // 100 ms, 400 ms, 1.6 s, 6.4 s
            slow.awaitLog(" DEBUG Deferred caching of variant maya-1.0[] of " + slow.repository()
                    + ", next try in 1 s: ");
            assertEquals(2, slow.log().split(" WARNING Deferred", -1).length);
            assertFalse(Lab.names(slow.layout().pending()).isEmpty());
            daemon.stop();
        }
    }

    @Test
    void note_ofRequestThatWasWithdrawn_isDroppedAtStart() throws Exception {
        Path file = lab.request(lab.handle("maya"));
        Files.delete(lab.repository());
        try (Child daemon = lab.start()) {
            Await.until("it is noted", () -> Lab.names(lab.layout().deferred()).size() == 1);
            daemon.stop();
        }
        Files.delete(file);
        try (Child daemon = lab.start()) {
            Await.until("it is dropped", () -> Lab.names(lab.layout().deferred()).isEmpty());
            daemon.stop();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void copy_thatFails_isTriedAndThenGivenUpUntilAClean(int tries) throws Exception {
        Lab failing = Lab.in(folder, "max_tries = " + tries, "copy_threads = 1");
        Handle handle = failing.install("maya", 3, 10);
        failing.request(handle);
        Path secret = failing.payload("maya").resolve("secret");
        FailingCopies.run(failing, secret, tries);
        failing.assertCached(handle);
    }
}
