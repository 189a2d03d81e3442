package io.rezpkgcached.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.CacheWalk;
import io.rezpkgcached.cache.publish.Step;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The daemon is killed at every step and at any moment; the next one finishes what it had begun, and tidies up. */
class KillTest {
    private static final int KILLED = 128 + 9;
    private static final int KILLS = 50;

    @TempDir
    Path folder;

    /** Three variants, so that one may be published, one under way, and one not begun. */
    private static List<Handle> request(Lab lab) throws Exception {
        List<Handle> handles = new ArrayList<>();
        for (String name : List.of("maya", "nuke", "houdini")) {
            Handle handle = lab.install(name, 5, 100);
            lab.request(handle);
            handles.add(handle);
        }
        return handles;
    }

    private static Child startDying(Lab lab, Step step, int times, String requests) throws Exception {
        List<String> words = new ArrayList<>(List.of(step.name(), Integer.toString(times), requests));
        words.addAll(lab.words());
        return Child.start(lab.root(), List.of(), DyingDaemon.class, words);
    }

    private static void awaitDeath(Child child) throws Exception {
        assertEquals(KILLED, child.awaitExit(Duration.ofSeconds(30)), child::output);
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void kill_afterStepAndRestartAtOnce_everythingIsCachedAndNothingLeft(Step step) throws Exception {
        Lab lab = Lab.in(folder, "workers = 2");
        List<Handle> handles = request(lab);
        try (Child dying = startDying(lab, step, 1 + List.of(Step.values()).indexOf(step) % handles.size(), "keep")) {
            awaitDeath(dying);
        }
        try (Child daemon = lab.start()) {
            lab.assertCachedAndTidy(handles);
            daemon.stop();
        }
    }

    @Test
    void kill_afterStepAndRestartWhenMarkersAreOld_everythingIsCachedAndNothingLeft() throws Exception {
        record Killed(Lab lab, List<Handle> handles) {}
        List<Killed> all = new ArrayList<>();
        for (Step step : List.of(Step.LOCKED_TO_CLAIM, Step.MARKED, Step.INDEXED, Step.COPIED, Step.RENAMED,
                Step.UNMARKED)) {
            Lab lab = Lab.in(Files.createDirectory(folder.resolve(step.name())), "workers = 2");
            List<Handle> handles = request(lab);
            try (Child dying = startDying(lab, step, 2, "keep")) {
                awaitDeath(dying);
            }
            all.add(new Killed(lab, handles));
        }
        // The last one's marker is the youngest: it has to be older than the 5 s after which others take a copy for stalled.
        LockSupport.parkNanos(Duration.ofMillis(5_500).toNanos());
        List<Child> daemons = new ArrayList<>();
        try {
            for (Killed killed : all) {
                daemons.add(killed.lab().start());
            }
            for (Killed killed : all) {
                killed.lab().assertCachedAndTidy(killed.handles());
            }
            for (Child daemon : daemons) {
                daemon.stop();
            }
        } finally {
            for (Child daemon : daemons) {
                daemon.close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = Step.class, names = {"STAGED", "MARKED", "CLAIMED", "COPIED", "RENAMED"})
    void kill_afterRequestFileWasDeleted_variantIsCachedAllTheSame(Step step) throws Exception {
        Lab lab = Lab.in(folder);
        Handle handle = lab.install("maya", 5, 100);
        lab.request(handle);
        try (Child dying = startDying(lab, step, 1, "delete")) {
            awaitDeath(dying);
        }
        assertEquals(Set.of(), Lab.names(lab.layout().pending()));
        assertFalse(lab.isCached(handle));
        try (Child daemon = lab.start()) {
            lab.assertCachedAndTidy(List.of(handle));
            daemon.stop();
        }
    }

    @Test
    void kill_atRandomMomentsOfCopying_everythingIsCachedAndNothingLeft() throws Exception {
        long seed = System.nanoTime();
        System.out.println("KillTest seed " + seed);
        Random random = new Random(seed);
        // Slow enough that no copy comes to its end before it is killed, nearly always.
        Lab lab = Lab.in(folder, "copy_bytes_per_second = 4 MB", "workers = 2", "copy_threads = 2");
        List<Handle> handles = new ArrayList<>();
        for (String name : List.of("maya", "nuke", "houdini")) {
            handles.add(lab.install(name, 150, 20_000));
        }
        for (Handle handle : handles) {
            lab.request(handle);
        }
        for (int kill = 1; kill <= KILLS; kill++) {
            try (Child daemon = lab.start()) {
                Await.until("kill " + kill + ", seed " + seed + ": it copies, or has done all", Await.LONG,
                        () -> daemon.output() + lab.log(), () -> copies(daemon, lab) || isServed(lab));
                LockSupport.parkNanos(Duration.ofMillis(random.nextInt(100)).toNanos());
                daemon.kill();
            }
            for (Handle handle : handles) {
                if (lab.isCached(handle)) {
                    lab.assertSamePayload(handle);
                }
            }
        }
        try (Child daemon = lab.start()) {
            lab.assertCachedAndTidy(handles);
            daemon.stop();
        }
    }

    private static boolean isServed(Lab lab) throws Exception {
        return Lab.names(lab.layout().pending()).isEmpty();
    }

    /** Whether this daemon copies: what the one before had staged is gone when a new copy is begun. */
    private static boolean copies(Child daemon, Lab lab) throws Exception {
        if (!daemon.output().contains("Started caching")) {
            return false;
        }
        for (Path staging : CacheWalk.children(lab.layout().staging())) {
            if (Files.isDirectory(staging.resolve("payload"))) {
                return true;
            }
        }
        return false;
    }
}
