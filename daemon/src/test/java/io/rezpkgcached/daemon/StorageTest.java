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
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Storage that hangs, is slow, or is full, and other users: what only root can set up. */
@Tag("root")
class StorageTest {
    private static final int SOMEBODY = 12345;

    @TempDir
    Path folder;

    private Path root;

    @BeforeEach
    void resolve() throws Exception {
        root = folder.toRealPath();
    }

    /** A variant in the repository of a lab, seen through other storage. */
    private static Handle through(Path mount, Handle handle) {
        return Handle.of(mount.toString(), handle.name(), handle.version(), OptionalInt.empty());
    }

    @Test
    void storage_thatHangs_stopsNoOtherAndIsServedWhenItAnswers() throws Exception {
        Lab lab = Lab.in(root, "workers = 2", "copy_bytes_per_second = 300 kB", "retry_pause_max = 5 s");
        Lab far = Lab.with(Files.createDirectory(root.resolve("far")), root.resolve("far/source"), lab.cache());
        Path mount = root.resolve("mount");
        // Closed in the opposite order: a process that waits for such storage cannot even be killed.
        try (Child daemon = Child.start(root, List.of(), ImpatientDaemon.class, lab.words());
                SlowStorage storage = SlowStorage.mount(far.repository(), mount, far.root(), 0)) {
            daemon.awaitStart();
            List<Handle> hung = new ArrayList<>();
            for (String name : List.of("far1", "far2", "far3")) {
                hung.add(through(mount, far.install(name, 10, 1000)));
            }
            storage.hang();
            for (Handle handle : hung) {
                lab.request(handle);
            }
            // Two hang, and make room when they were seen to.
            lab.awaitLog("repository " + mount + " does not answer");
            List<Handle> near = new ArrayList<>();
            for (String name : List.of("near1", "near2", "near3")) {
                near.add(lab.install(name, 8, 50_000));
            }
            for (Handle handle : near) {
                lab.request(handle);
            }
            Path marker = awaitMarker(lab, near);
            while (Files.exists(marker)) {
                long age = System.currentTimeMillis() - lastModified(marker);
                assertTrue(age <= 2000, () -> "a marker is " + age + " ms old");
            }
            for (Handle handle : near) {
                Await.until(handle + " is cached", () -> lab.isCached(handle));
            }
            Await.until("only those that hang are left", () -> Lab.names(lab.layout().pending()).size() == 3);
            storage.answer();
            lab.awaitServed();
            for (Handle handle : hung) {
                assertTrue(lab.isCached(handle), handle::toString);
                assertFalse(lab.log().contains("Failed to cache"), lab::log);
            }
            lab.assertTidy(6);
            daemon.stop();
        }
    }

    private static Path awaitMarker(Lab lab, List<Handle> handles) throws Exception {
        List<Path> found = new ArrayList<>();
        Await.until("one is copied", () -> {
            for (Handle handle : handles) {
                lab.find(handle).map(variant -> variant.entry().marker()).filter(Files::exists).ifPresent(found::add);
            }
            return !found.isEmpty();
        });
        return found.getFirst();
    }

    private static long lastModified(Path file) {
        return Optional.of(file.toFile().lastModified()).filter(time -> time > 0).orElse(Long.MAX_VALUE);
    }

    @Test
    void storage_thatHangsInTheMiddleOfACopy_isServedWhenItAnswers() throws Exception {
        Lab lab = Lab.in(root, "copy_bytes_per_second = 200 kB");
        Lab far = Lab.with(Files.createDirectory(root.resolve("far")), root.resolve("far/source"), lab.cache());
        Path mount = root.resolve("mount");
        // Closed in the opposite order: a process that waits for such storage cannot even be killed.
        try (Child daemon = Child.start(root, List.of(), ImpatientDaemon.class, lab.words());
                SlowStorage storage = SlowStorage.mount(far.repository(), mount, far.root(), 0)) {
            Handle handle = through(mount, far.install("far", 15, 50_000));
            lab.request(handle);
            Await.until("it copies", Await.LONG, lab::log, () -> Lab.count(lab.layout().staging()) > 6);
            storage.hang();
            Await.always("it is being copied", Duration.ofSeconds(6), () -> lab.find(handle).isPresent()
                    && !lab.isCached(handle));
            storage.answer();
            lab.awaitServed();
            assertTrue(lab.isCached(handle), lab::log);
            lab.assertTidy(1);
            daemon.stop();
        }
    }

    /** The kernel keeps the process until the storage answers, but the daemon is done with it in time. */
    @Test
    void sigterm_whileStorageHangs_givesUpInTimeAndNextStartServes() throws Exception {
        Lab lab = Lab.in(root);
        Lab far = Lab.with(Files.createDirectory(root.resolve("far")), root.resolve("far/source"), lab.cache());
        Path mount = root.resolve("mount");
        Handle handle = through(mount, far.install("far", 15, 50_000));
        try (Child daemon = lab.start().awaitStart();
                SlowStorage storage = SlowStorage.mount(far.repository(), mount, far.root(), 0)) {
            storage.hang();
            lab.request(handle);
            Await.until("it hangs", Await.LONG, () -> "", () -> threads(daemon).contains("worker-1"));
            long begun = System.nanoTime();
            daemon.signal("TERM");
            lab.awaitLog("Left behind, to be taken up at the next start: far-1.0[] of " + mount);
            lab.awaitLog("Stopped daemon");
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            assertTrue(took.compareTo(Duration.ofSeconds(10)) < 0, took::toString);
            storage.answer();
            assertEquals(0, daemon.awaitExit(Duration.ofSeconds(20)), daemon::output);
            try (Child next = lab.start()) {
                lab.awaitServed();
                assertTrue(lab.isCached(handle), lab::log);
                next.stop();
            }
        }
    }

    private static List<String> threads(Child child) throws Exception {
        List<String> names = new ArrayList<>();
        for (Path thread : CacheWalk.children(Path.of("/proc", Long.toString(child.pid()), "task"))) {
            names.add(Files.readString(thread.resolve("comm")).strip());
        }
        return names;
    }

    @Test
    void storage_thatIsSlow_isServed() throws Exception {
        Lab lab = Lab.in(root);
        Lab far = Lab.with(Files.createDirectory(root.resolve("far")), root.resolve("far/source"), lab.cache());
        Path mount = root.resolve("mount");
        // Closed in the opposite order: a process that waits for such storage cannot even be killed.
        try (Child daemon = lab.start();
                SlowStorage _ = SlowStorage.mount(far.repository(), mount, far.root(), 1000)) {
            Handle handle = through(mount, far.install("far", 300, 1000));
            lab.request(handle);
            lab.awaitServed();
            assertTrue(lab.isCached(handle), lab::log);
            lab.assertTidy(1);
            daemon.stop();
        }
    }

    @Test
    void disk_full_requestIsDeferredUntilThereIsSpace() throws Exception {
        Path cache = Files.createDirectory(root.resolve("small"));
        mount("-t", "tmpfs", "-o", "size=4m", "tmpfs", cache.toString());
        try {
            Lab lab = Lab.with(root, root.resolve("repository"), cache);
            Handle handle = lab.install("maya", 20, 100_000);
            Path ballast = cache.resolve(".ballast");
            Files.write(ballast, new byte[3_000_000]);
            lab.request(handle);
            try (Child daemon = lab.start()) {
                lab.awaitLog(" WARNING Deferred caching of variant maya-1.0[] of ");
                Await.always("the request waits", Duration.ofSeconds(4), () -> {
                    assertEquals(1, Lab.names(lab.layout().pending()).size(), lab::log);
                    return !lab.isCached(handle);
                });
                assertTrue(lab.log().contains("No space left on device"), lab::log);
                Files.delete(ballast);
                lab.assertCachedAndTidy(List.of(handle));
                daemon.stop();
            }
        } finally {
            new ProcessBuilder("umount", "-l", cache.toString()).inheritIO().start().waitFor();
        }
    }

    @Test
    void disk_withoutSpaceBuffer_requestIsDeferredAndNothingMade() throws Exception {
        Path cache = Files.createDirectory(root.resolve("small"));
        mount("-t", "tmpfs", "-o", "size=4m", "tmpfs", cache.toString());
        try {
            Lab lab = Lab.with(root, root.resolve("repository"), cache, "package_cache_space_buffer = 2000000");
            Handle handle = lab.install("maya", 3, 100);
            Path ballast = cache.resolve(".ballast");
            Files.write(ballast, new byte[3_000_000]);
            lab.request(handle);
            try (Child daemon = lab.start()) {
                lab.awaitLog("package_cache_space_buffer keeps 1.91 MB");
                assertEquals(Set.of(".ballast", ".sys"), Lab.names(cache));
                assertEquals(1, Lab.names(lab.layout().pending()).size());
                Files.delete(ballast);
                lab.assertCachedAndTidy(List.of(handle));
                daemon.stop();
            }
        } finally {
            new ProcessBuilder("umount", "-l", cache.toString()).inheritIO().start().waitFor();
        }
    }

    private static void mount(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("mount"));
        command.addAll(List.of(words));
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
    }

    @Test
    void request_ofAnotherUser_isServedOnlyWhereRepositoriesAreConfigured() throws Exception {
        Lab lab = Lab.in(root);
        Handle handle = lab.install("maya", 3, 100);
        try (Child daemon = lab.start().awaitStart()) {
            requestAsSomebody(lab, handle);
            lab.awaitServed();
            assertFalse(lab.isCached(handle));
            Path note = CacheWalk.children(lab.layout().refused()).getFirst();
            assertEquals("user 12345 asks the daemon of user 0, which serves others only where the setting repositories"
                    + " says what they may ask for", StateFile.read(note).orElseThrow().get("reason"));
            daemon.stop();
        }
        Lab open = Lab.in(root, "repositories = [\"" + lab.repository() + "\"]");
        Path outside = Files.createDirectories(root.resolve("outside/maya/1.0"));
        Files.writeString(outside.resolve("package.py"), "version = '1.0'\n");
        try (Child daemon = open.start().awaitStart()) {
            requestAsSomebody(open, handle);
            requestAsSomebody(open, through(root.resolve("outside"), handle));
            open.assertCachedAndTidy(List.of(handle));
            open.awaitLog("is outside the setting repositories");
            daemon.stop();
        }
    }

    private static void requestAsSomebody(Lab lab, Handle handle) throws Exception {
        Path elsewhere = Files.writeString(lab.root().resolve("request"), handle.toJson());
        Files.setAttribute(elsewhere, "unix:uid", SOMEBODY);
        Files.move(elsewhere, lab.layout().pending().resolve(Lab.requestName(handle)));
    }

    /** A folder of which the daemon's user may change neither place nor content, in a spool with the sticky bit. */
    @Test
    void name_thatCannotBeTakenAway_stopsNoOther() throws Exception {
        Lab lab = Lab.in(root);
        Handle handle = lab.install("maya", 3, 100);
        Files.createDirectories(lab.layout().pending());
        Path stuck = Files.createDirectory(lab.layout().pending().resolve("!stuck"));
        Files.writeString(stuck.resolve("file"), "text");
        mount("--bind", stuck.toString(), stuck.toString());
        try (Child daemon = lab.start().awaitStart()) {
            lab.request(handle);
            Await.until("it is cached", Await.LONG, lab::log, () -> lab.isCached(handle));
            Handle later = lab.install("nuke", 3, 100);
            lab.request(later);
            Await.until("it is cached", Await.LONG, lab::log, () -> lab.isCached(later));
            assertEquals(1, lab.log().split("Cannot take request " + stuck, -1).length - 1, lab::log);
            daemon.stop();
        } finally {
            new ProcessBuilder("umount", "-l", stuck.toString()).inheritIO().start().waitFor();
        }
    }

    /** In a user namespace of its own, of which root may lower the limits without a say in those of others. */
    @Test
    void inotify_usedUp_spoolIsLookedAtAllTheSame() throws Exception {
        Lab lab = Lab.in(root);
        Handle handle = lab.install("maya", 3, 100);
        List<String> confined = List.of("unshare", "--user", "--map-root-user", "sh", "-c",
                "echo 0 > /proc/sys/user/max_inotify_instances && exec \"$@\"", "sh");
        try (Child daemon = Child.start(root, confined, Main.class, lab.words())) {
            daemon.awaitOutput("Cannot watch " + lab.layout().pending());
            Await.until("it serves", Await.LONG, lab::log, () -> lab.log().contains("it is looked at every 2 s"));
            lab.request(handle);
            lab.assertCachedAndTidy(List.of(handle));
            daemon.stop();
        }
    }
}
