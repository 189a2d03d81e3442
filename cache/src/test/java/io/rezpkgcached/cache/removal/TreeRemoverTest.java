package io.rezpkgcached.cache.removal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.testing.TestCache;
import io.rezpkgcached.cache.testing.Unprivileged;
import io.rezpkgcached.cache.testing.Unprivileged.Outcome;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeRemoverTest {
    @TempDir
    Path dir;

    @Test
    void remove_treeWithLinks_goesWithoutWhatTheyLeadTo() throws Exception {
        Path outside = TestCache.makePayload(dir.resolve("outside"));
        Path tree = TestCache.makePayload(dir.resolve("tree"));
        Files.createSymbolicLink(tree.resolve("folder"), outside);
        Files.createSymbolicLink(tree.resolve("file"), outside.resolve("tool"));
        Files.createSymbolicLink(tree.resolve("dangling"), Path.of("nowhere"));
        assertTrue(new TreeRemover().remove(tree));
        assertTrue(Files.notExists(tree));
        assertEquals(java.util.List.of("lib", "link", "tool"), TestCache.names(outside));
        assertTrue(Files.exists(outside.resolve("lib/module.py")));
    }

    @Test
    void remove_linkToAFolder_removesTheLinkAlone() throws Exception {
        Path outside = TestCache.makePayload(dir.resolve("outside"));
        Path link = Files.createSymbolicLink(dir.resolve("link"), outside);
        assertTrue(new TreeRemover().remove(link));
        assertEquals(java.util.List.of("outside"), TestCache.names(dir));
        assertTrue(Files.exists(outside.resolve("lib/module.py")));
    }

    @Test
    void remove_plainFileOrNothing_isGone() throws Exception {
        Path file = Files.writeString(dir.resolve("file"), "x");
        assertTrue(new TreeRemover().remove(file));
        assertTrue(Files.notExists(file));
        assertTrue(new TreeRemover().remove(file));
    }

    @Test
    void remove_namesThatAreNotUtf8_areGone() throws Exception {
        Path tree = Files.createDirectory(dir.resolve("tree"));
        Path odd = Path.of(URI.create("file://" + tree + "/f%FF%FEo"));
        Files.createDirectory(odd);
        Files.writeString(odd.resolve("file"), "x");
        Files.writeString(Path.of(URI.create("file://" + tree + "/%80")), "x");
        assertTrue(new TreeRemover().remove(tree));
        assertTrue(Files.notExists(tree));
    }

    @Test
    void remove_deepTree_isGone() throws Exception {
        Path tree = dir.resolve("tree");
        Files.createDirectories(tree.resolve("d/".repeat(1000)));
        assertTrue(new TreeRemover().remove(tree));
        assertTrue(Files.notExists(tree));
    }

    @Test
    void remove_deadlineWithinALargeTree_stopsInTimeAndGoesOnNextTime() throws Exception {
        int folders = 50;
        int files = 1000;
        Path tree = Files.createDirectory(dir.resolve("tree"));
        Path one = Files.writeString(dir.resolve("one"), "");
        for (int i = 0; i < folders; i++) {
            Path folder = Files.createDirectory(tree.resolve("folder" + i));
            for (int j = 0; j < files; j++) {
                Files.createLink(folder.resolve("file" + j), one);
            }
        }
        Duration limit = Duration.ofMillis(60);
        long before = count(tree);
        int runs = 0;
        boolean done = false;
        while (!done) {
            long begun = System.nanoTime();
            done = new TreeRemover(Deadline.in(limit)).remove(tree);
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            assertTrue(took.compareTo(limit.plusMillis(250)) < 0, "took " + took);
            long now = count(tree);
            assertTrue(now < before, "no progress at " + now);
            before = now;
            runs++;
        }
        assertTrue(Files.notExists(tree));
        assertTrue(runs > 1, "the tree was too small to be stopped in");
    }

    @Test
    void remove_deadlineReachedBefore_deletesNothing() throws Exception {
        Path tree = TestCache.makePayload(dir.resolve("tree"));
        assertFalse(new TreeRemover(Deadline.in(Duration.ZERO)).remove(tree));
        assertTrue(Files.exists(tree.resolve("lib/module.py")));
    }

    private static long count(Path tree) throws IOException {
        if (Files.notExists(tree)) {
            return 0;
        }
        try (Stream<Path> paths = Files.walk(tree)) {
            return paths.count();
        }
    }

    /** Removes its argument. */
    static final class Program {
        public static void main(String[] arguments) throws Exception {
            System.out.println(new TreeRemover().remove(Path.of(arguments[0])));
        }
    }

    @Test
    void remove_foldersWithoutPermissionsAsTheirOwner_areGone() throws Exception {
        Path base = Files.createDirectory(dir.resolve("base"));
        Path tree = Files.createDirectory(base.resolve("tree"));
        for (String mode : java.util.List.of("r-xr-xr-x", "---------", "-w-------")) {
            Path folder = TestCache.makePayload(tree.resolve("folder" + mode));
            close(folder.resolve("lib"), mode);
            close(folder, mode);
        }
        close(tree, "r-xr-xr-x");
        Unprivileged.own(dir);
        assertEquals(new Outcome(0, "true\n"), Unprivileged.run(Program.class, tree.toString()));
        assertTrue(Files.notExists(tree));
    }

    @Test
    void remove_emptyFolderOfAnotherUserInOurs_isGone() throws Exception {
        Path tree = Files.createDirectory(dir.resolve("tree"));
        Unprivileged.own(dir);
        Path theirs = Files.createDirectory(tree.resolve("theirs")); // root's, where the tests run as root
        close(theirs, "r-xr-xr-x");
        assertEquals(new Outcome(0, "true\n"), Unprivileged.run(Program.class, tree.toString()));
        assertTrue(Files.notExists(tree));
    }

    private static void close(Path folder, String mode) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(mode));
    }
}
