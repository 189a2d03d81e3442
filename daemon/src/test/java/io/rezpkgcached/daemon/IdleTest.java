package io.rezpkgcached.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.handle.Handle;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a daemon ends that nobody stops, and what becomes of one whose cache is deleted. */
final class IdleTest {
    @TempDir
    private Path folder;
    private Lab lab;

    @BeforeEach
    void makeLab() throws Exception {
        lab = Lab.in(folder, "idle_timeout = 1 s");
    }

    private Child start(Class<?> program, String... before) throws Exception {
        List<String> words = new ArrayList<>(List.of(before));
        words.add("--until-idle");
        words.addAll(lab.words());
        return Child.start(lab.root(), List.of(), program, words);
    }

    @Test
    void untilIdle_withoutWork_endsAfterWhatThereWas() throws Exception {
        Handle handle = lab.install("foo", 3, 10);
        lab.request(handle);
        try (Child daemon = start(Main.class)) {
            assertEquals(ExitCode.OK, daemon.awaitExit(Await.LONG), daemon::output);
        }
        lab.assertCachedAndTidy(List.of(handle));
        assertTrue(lab.log().contains("which had no work for 1 s"), lab.log());
        assertFalse(Files.exists(lab.layout().daemonFile()));
    }

    @Test
    void untilIdle_requestThatWaitsForAnotherTry_isWaitedFor() throws Exception {
        Handle handle = lab.install("foo", 3, 10);
        Path away = lab.root().resolve("away");
        Files.move(lab.repository(), away);
        lab.request(handle);
        try (Child daemon = start(Main.class)) {
            lab.awaitLog("Deferred caching of variant foo-1.0");
            Thread.sleep(Duration.ofSeconds(2)); // twice the time after which it ends
            Files.move(away, lab.repository());
            assertEquals(ExitCode.OK, daemon.awaitExit(Await.LONG), daemon::output);
        }
        lab.assertCachedAndTidy(List.of(handle));
    }

    @Test
    void untilIdle_requestJustBeforeTheEnd_isServed() throws Exception {
        Handle handle = lab.install("foo", 3, 10);
        try (Child daemon = start(LateRequest.class, handle.toJson())) {
            assertEquals(ExitCode.OK, daemon.awaitExit(Await.LONG), daemon::output);
        }
        lab.assertCachedAndTidy(List.of(handle));
    }

    @Test
    void cacheDeleted_untilIdle_ends() throws Exception {
        try (Child daemon = start(Main.class)) {
            daemon.awaitStart();
            delete(lab.cache());
            assertEquals(ExitCode.OK, daemon.awaitExit(Await.LONG), daemon::output);
            assertTrue(daemon.output().contains("was deleted or replaced"), daemon.output());
        }
    }

    @Test
    void sysDeleted_servesOn() throws Exception {
        Handle handle = lab.install("foo", 3, 10);
        try (Child daemon = lab.start().awaitStart()) {
            delete(lab.layout().sys());
            Await.until("it begins anew", () -> Files.exists(lab.layout().daemonFile()));
            lab.request(handle);
            Await.until("it is cached", () -> lab.isCached(handle));
            lab.assertCachedAndTidy(List.of(handle));
            daemon.stop();
        }
    }

    /** In one step, since the daemon begins anew at once. */
    private void delete(Path folder) throws Exception {
        Path tree = Files.move(folder, lab.root().resolve("deleted"));
        Await.until(tree + " is deleted", () -> {
            try (var paths = Files.walk(tree)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            } catch (DirectoryNotEmptyException _) {
                return false; // the daemon has just written something
            }
            return !Files.exists(tree);
        });
    }
}
