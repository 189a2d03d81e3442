package io.rezpkgcached.cache.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.testing.TestCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a small file system of its own, which root alone can make. */
@Tag("root")
class PublisherFullDiskTest {
    private static final int PAGE = 4096;

    @TempDir
    Path dir;

    @BeforeEach
    void mount() throws Exception {
        run("mount", "-t", "tmpfs", "-o", "size=1m,nr_inodes=200", "tmpfs", dir.toString());
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", dir.toString());
    }

    private static void run(String... command) throws Exception {
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor(), List.of(command).toString());
    }

    @Test
    void claim_fewInodesLeft_failsAndLeavesNothingUntilThereAreEnough() throws Exception {
        TestCache cache = TestCache.in(dir);
        List<Path> ballast = new ArrayList<>();
        boolean full = false;
        while (!full) {
            Path file = dir.resolve("ballast-" + ballast.size());
            try {
                Files.createFile(file);
                ballast.add(file);
            } catch (IOException _) {
                full = true;
            }
        }
        assertTrue(claimUntilItSucceeds(cache, () -> Files.delete(ballast.removeLast())) >= 8);
    }

    @Test
    void claim_fewBytesLeft_failsAndLeavesNothingUntilThereAreEnough() throws Exception {
        TestCache cache = TestCache.in(dir);
        Path ballast = dir.resolve("ballast");
        int[] pages = {0};
        try (var out = Files.newOutputStream(ballast)) {
            boolean full = false;
            while (!full) {
                try {
                    out.write(new byte[PAGE]);
                    pages[0]++;
                } catch (IOException _) {
                    full = true;
                }
            }
        }
        assertTrue(claimUntilItSucceeds(cache, () -> {
            try (var channel = Files.newByteChannel(ballast, java.nio.file.StandardOpenOption.WRITE)) {
                channel.truncate((long) --pages[0] * PAGE);
            }
        }) >= 3);
    }

    @FunctionalInterface
    private interface Room {
        void make() throws IOException;
    }

    /** Returns how often it failed. */
    private static int claimUntilItSucceeds(TestCache cache, Room room) throws Exception {
        Copying copying = Copying.with(cache, Step.Observer.NONE);
        int failures = 0;
        while (true) {
            try {
                Claim claim = copying.claim();
                assertEquals("copying", cache.rezSays(copying.handle()));
                copying.publisher().abandon(claim); // it holds its staging folder open
                return failures;
            } catch (IOException _) {
                failures++;
                assertEquals(List.of(), cache.visible());
                assertEquals(TestCache.nothing(), cache.leftovers());
                room.make();
            }
        }
    }
}
