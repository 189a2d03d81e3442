package io.rezpkgcached.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.Entry;
import io.rezpkgcached.cache.layout.Status;
import io.rezpkgcached.cache.lock.CacheLock;
import io.rezpkgcached.cache.testing.TreeAssert;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daemon stands still while it copies, so that its copy is taken for stalled, removed and made by somebody else. */
class StopAndContinueTest {
    @TempDir
    Path folder;

    private Lab slowLab(String... more) throws IOException {
        List<String> lines = new ArrayList<>(List.of("copy_bytes_per_second = 200 kB"));
        lines.addAll(List.of(more));
        return Lab.in(folder, lines.toArray(String[]::new));
    }

    private static Entry awaitCopying(Lab lab, Handle handle) throws Exception {
        Await.until("it copies", Await.LONG, lab::log, () -> lab.find(handle).isPresent()
                && Lab.count(lab.layout().staging()) > 6);
        return lab.find(handle).orElseThrow().entry();
    }

    private static void awaitStalled(Lab lab, Handle handle) throws Exception {
        Await.until("its copy stalls",
                () -> lab.find(handle).filter(found -> found.status() == Status.STALLED).isPresent());
    }

    /** Names, attributes and inodes of everything in an entry's directory: if these stay, it was not touched. */
    private static String snapshot(Path hashDirectory) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, String> line : TreeAssert.describe(hashDirectory).entrySet()) {
            text.append(line).append('\n');
        }
        try (Stream<Path> paths = Files.walk(hashDirectory)) {
            for (Path path : (Iterable<Path>) paths.sorted()::iterator) {
                if (!path.equals(hashDirectory)) {
                    text.append(path).append(' ').append(Files.readAttributes(path,
                            "unix:ino,ctime", LinkOption.NOFOLLOW_LINKS)).append('\n');
                }
            }
        }
        return text.toString();
    }

    @Test
    void sigstop_whileOthersCleanAndCopy_theirsStaysAndOursGoes() throws Exception {
        Lab lab = slowLab();
        Handle handle = lab.install("maya", 30, 50_000);
        lab.request(handle);
        try (Child daemon = lab.start()) {
            Entry entry = awaitCopying(lab, handle);
            daemon.signal("STOP");
            awaitStalled(lab, handle);
            removeAsRez(lab, entry);
            beginAsRez(lab, handle, entry);
            copyAsRez(lab, entry, "lib0");
            // Their copy is half done when ours wakes up.
            String before = snapshot(entry.hashDirectory());
            daemon.signal("CONT");
            Await.always("theirs is as it was", Duration.ofSeconds(2), () -> {
                assertEquals(before, snapshot(entry.hashDirectory()));
                return true;
            });
            copyAsRez(lab, entry, ".");
            Files.delete(entry.marker());
            String after = snapshot(entry.hashDirectory());
            lab.awaitServed();
            lab.awaitLog("Variant is already being copied to " + entry.payload() + "\n");
            lab.awaitLog("Variant was already cached at " + entry.payload() + "\n");
            assertEquals(after, snapshot(entry.hashDirectory()));
            Await.until("what was removed is purged", () -> Lab.names(lab.layout().toDelete()).isEmpty());
            lab.assertTidy(1);
            lab.assertSamePayload(handle);
            daemon.stop();
        }
    }

    @Test
    void sigstop_whileOthersCleanOnly_copiesAgain() throws Exception {
        Lab lab = slowLab();
        Handle handle = lab.install("maya", 8, 50_000);
        lab.request(handle);
        try (Child daemon = lab.start()) {
            Entry entry = awaitCopying(lab, handle);
            daemon.signal("STOP");
            awaitStalled(lab, handle);
            removeAsRez(lab, entry);
            daemon.signal("CONT");
            lab.assertCachedAndTidy(List.of(handle));
            daemon.stop();
        }
    }

    @Test
    void sigstop_whileNobodyInterferes_goesOn() throws Exception {
        Lab lab = slowLab();
        Handle handle = lab.install("maya", 8, 50_000);
        lab.request(handle);
        try (Child daemon = lab.start()) {
            awaitCopying(lab, handle);
            daemon.signal("STOP");
            awaitStalled(lab, handle);
            daemon.signal("CONT");
            lab.assertCachedAndTidy(List.of(handle));
            assertEquals(2, lab.log().split("Started caching", -1).length, lab::log);
            daemon.stop();
        }
    }

    /** {@code PackageCache.remove_variant}. */
    private static void removeAsRez(Lab lab, Entry entry) throws Exception {
        try (CacheLock.Held _ = new CacheLock(lab.layout(), _ -> {}).acquire()) {
            Files.move(entry.payload(), lab.layout().toDelete().resolve("maya-1.0-" + "0".repeat(32)),
                    StandardCopyOption.ATOMIC_MOVE);
            Files.delete(entry.index());
            Files.delete(entry.marker());
            Path version = entry.hashDirectory().getParent();
            for (Path directory : List.of(entry.hashDirectory(), version, version.getParent())) {
                Files.delete(directory);
            }
        }
    }

    /** {@code PackageCache.add_variant} until the lock is released. */
    private static void beginAsRez(Lab lab, Handle handle, Entry entry) throws Exception {
        Files.createDirectories(entry.hashDirectory());
        try (CacheLock.Held _ = new CacheLock(lab.layout(), _ -> {}).acquire()) {
            Files.createFile(entry.marker());
            Files.writeString(entry.index(), "{\"handle\": " + handle.toJson() + "}");
        }
        Files.createDirectory(entry.payload());
    }

    /** What {@code shutil.copytree} does, of a part of the payload. */
    private static void copyAsRez(Lab lab, Entry entry, String part) throws Exception {
        // In the future, since the test does not touch it all the time.
        Files.setLastModifiedTime(entry.marker(), FileTime.from(Instant.now().plusSeconds(60)));
        Path source = lab.payload("maya").resolve(part);
        assertEquals(0, new ProcessBuilder("cp", "-a", source.toString(), entry.payload().toString()).inheritIO()
                .start().waitFor());
    }

    @Tag("rez")
    @Test
    void sigstop_forAMinuteWhileRezCleansAndCopies_rezsStaysAndOursGoes() throws Exception {
        Lab lab = slowLab("workers = 1");
        Handle handle = lab.install("maya", 30, 50_000);
        Files.writeString(lab.payload("maya").resolve("package.py"), "name = 'maya'\nversion = '1.0'\n");
        Files.delete(lab.payload("maya").resolve("link")); // rez does not keep links
        lab.request(handle);
        try (Child daemon = lab.start()) {
            Entry entry = awaitCopying(lab, handle);
            daemon.signal("STOP");
            long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
            awaitStalled(lab, handle);
            rez(lab, "--clean");
            assertTrue(lab.find(handle).isEmpty());
            rez(lab, "--add-variants", lab.payload("maya") + "/package.py[]");
            assertTrue(lab.isCached(handle));
            String before = snapshot(entry.hashDirectory());
            while (System.nanoTime() - end < 0) {
                LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            }
            daemon.signal("CONT");
            Await.always("rez's is as it was", Duration.ofSeconds(3), () -> {
                assertEquals(before, snapshot(entry.hashDirectory()));
                return true;
            });
            lab.awaitServed();
            lab.awaitLog("Variant was already cached at " + entry.payload() + "\n");
            lab.assertTidy(1);
            daemon.stop();
        }
    }

    private static void rez(Lab lab, String... words) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getenv("REZ_BIN"), "rez-pkg-cache").toString()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        Map<String, String> variables = builder.environment();
        variables.keySet().removeIf(name -> name.startsWith("REZ_"));
        variables.putAll(Map.of("HOME", lab.root().toString(), "REZ_PACKAGES_PATH", lab.repository().toString(),
                "REZ_CACHE_PACKAGES_PATH", lab.cache().toString(), "REZ_DEFAULT_CACHABLE", "1",
                "REZ_PACKAGE_CACHE_SAME_DEVICE", "1", "REZ_TMPDIR", "/nowhere", "REZ_IMPLICIT_PACKAGES", "",
                "REZ_PACKAGE_CACHE_USED_THRESHOLD", "100", "REZ_PACKAGE_CACHE_SPACE_BUFFER", "0"));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
    }
}
