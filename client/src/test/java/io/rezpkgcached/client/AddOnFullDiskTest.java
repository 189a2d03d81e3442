package io.rezpkgcached.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.testing.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code -a} and {@code --clean} on a small file system of its own, which root alone can make. */
@Tag("root")
final class AddOnFullDiskTest {
    private static final int MEBIBYTE = 1 << 20;

    @TempDir
    private Path folder;
    private Path cache;
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void mount() throws Exception {
        folder = folder.toRealPath();
        cache = Files.createDirectory(folder.resolve("cache"));
        run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", cache.toString());
        environment.putAll(Map.of("HOME", folder.toString(), "REZ_CONFIG_FILE", "", "REZ_DISABLE_HOME_CONFIG", "1",
                "REZ_PACKAGES_PATH", folder.resolve("packages").toString(), "REZ_CACHE_PACKAGES_PATH", cache.toString(),
                "REZ_DEFAULT_CACHABLE", "1", "REZ_TMPDIR", "/nowhere", "REZ_LOCAL_PACKAGES_PATH", "/nowhere"));
        environment.put("REZ_PACKAGE_CACHE_SPACE_BUFFER", "0");
        environment.put("REZ_PACKAGE_CACHE_USED_THRESHOLD", "100");
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", cache.toString());
    }

    private static void run(String... command) throws Exception {
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor(), List.of(command).toString());
    }

    private String install(String name, int bytes) throws IOException {
        Path directory = Files.createDirectories(folder.resolve("packages").resolve(name).resolve("1.0"));
        Files.write(directory.resolve("file"), new byte[bytes]);
        return Files.writeString(directory.resolve("package.py"), "name = '" + name + "'\nversion = '1.0'\n") + "[]";
    }

    private Child.Ended client(String... words) throws Exception {
        return Child.run(Child.java(Main.class, words), environment, new byte[0]);
    }

    /** One line after that of rez which says what is to be added. */
    private void failsForLackOfSpace(Child.Ended ended) throws Exception {
        assertEquals(1, ended.exitCode(), ended.toString());
        assertEquals(2, ended.err().lines().count(), ended.toString());
        assertTrue(ended.err().contains("No space left on device"), ended.toString());
        assertEquals(new Child.Ended(0, "", "No cached packages.\n"), client());
    }

    @Test
    void add_payloadLargerThanTheDisk_oneLineAndNothingLeft() throws Exception {
        failsForLackOfSpace(client("-a", install("large", 2 * MEBIBYTE)));
        Child.Ended small = client("-a", install("small", 1));
        assertTrue(small.exitCode() == 0 && small.err().contains("Successfully cached to: "), small.toString());
    }

    @Test
    void add_nothingFree_oneLineAndNothingLeftUntilThereIsRoom() throws Exception {
        Path ballast = cache.resolve(".ballast");
        String uri = install("small", 1);
        fill(ballast);
        failsForLackOfSpace(client("-a", uri));
        fill(ballast);
        failsForLackOfSpace(client("-a", uri));
        assertEquals(new Child.Ended(0, "", ""), client("--clean"));
        Files.delete(ballast);
        assertEquals(0, client("-a", uri).exitCode());
    }

    private static void fill(Path ballast) throws IOException {
        try (var out = Files.newOutputStream(ballast)) {
            while (true) {
                out.write(new byte[512]);
            }
        } catch (IOException e) {
            assertTrue(e.getMessage().contains("No space left on device"), e.toString());
        }
    }
}
