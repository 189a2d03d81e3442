package io.rezpkgcached.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.publish.Step;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A daemon that finds its disk full waits for better times. */
@Tag("root")
class BadDiskAtStartTest {
    private static final int KILLED = 128 + 9;

    @TempDir
    Path folder;

    private static void run(String... command) throws Exception {
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor(), List.of(command).toString());
    }

    /** Kills a daemon in the middle of a copy whose request has gone: only what it has left tells of it. */
    private static void leaveUnfinished(Lab lab, Handle handle) throws Exception {
        lab.request(handle);
        List<String> words = new ArrayList<>(List.of(Step.COPIED.name(), "1", "delete"));
        words.addAll(lab.words());
        try (Child dying = Child.start(lab.root(), List.of(), DyingDaemon.class, words)) {
            assertEquals(KILLED, dying.awaitExit(Duration.ofSeconds(30)), dying::output);
        }
        assertEquals(Set.of(), Lab.names(lab.layout().pending()));
    }

    private static void assertWaitsUntil(Lab lab, Handle handle, Mending mended) throws Exception {
        try (Child daemon = lab.start()) {
            daemon.awaitOutput("Cannot begin yet: ");
            Await.always("it waits", Duration.ofSeconds(3), () -> daemon.isAlive() && !lab.isCached(handle));
            mended.run();
            lab.assertCachedAndTidy(List.of(handle));
            assertEquals(2, daemon.output().split("Cannot begin yet: ", -1).length, daemon::output);
            daemon.stop();
        }
    }

    @FunctionalInterface
    private interface Mending {
        void run() throws Exception;
    }

    @Test
    void start_onFullDisk_waitsForSpace() throws Exception {
        Path cache = Files.createDirectory(folder.toRealPath().resolve("small"));
        run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", cache.toString());
        try {
            Lab lab = Lab.with(folder, folder.toRealPath().resolve("repository"), cache);
            Handle handle = lab.install("maya", 3, 10_000);
            leaveUnfinished(lab, handle);
            Path ballast = cache.resolve(".ballast");
            fill(ballast);
            assertWaitsUntil(lab, handle, () -> Files.delete(ballast));
        } finally {
            run("umount", "-l", cache.toString());
        }
    }

    private static void fill(Path file) throws IOException {
        boolean full = false;
        try (OutputStream out = Files.newOutputStream(file)) {
            while (!full) {
                try {
                    out.write(new byte[4096]);
                } catch (IOException e) {
                    assertTrue(e.getMessage().startsWith("No space left on device"), e::toString);
                    full = true;
                }
            }
        }
    }
}
