package io.rezpkgcached.dist;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small packages, read with the tools of the distributions. */
final class PackageWritersTest {
    private static final String TIME = "2026-01-02T03:04:05Z";
    private static final FileTime FILE_TIME = FileTime.from(Instant.parse("2025-06-07T08:09:10Z"));

    @TempDir
    private Path folder;
    private Path staged;

    @BeforeEach
    void stages() throws IOException {
        staged = folder.resolve("staged");
        file("all/usr/bin/tool", "#!/bin/sh\n", "rwxr-xr-x");
        Files.createSymbolicLink(staged.resolve("all/usr/bin/link"), Path.of("tool"));
        file("all/etc/small/small.conf", "a = 1\n", "rw-r--r--");
        file("deb/usr/share/doc/small/copyright", "deb\n", "rw-r--r--");
        file("rpm/usr/share/licenses/small/LICENSE", "rpm\n", "rw-r--r--");
        file("control/control", """
                Package: small
                Version: 1.2-3
                Architecture: amd64
                Maintainer: Somebody <somebody@example.org>
                Homepage: https://example.org/
                Description: a small package
                 Two lines
                 .
                 of it.
                """, "rw-r--r--");
        file("control/postinst", "#!/bin/sh\n", "rwxr-xr-x");
        for (String script : List.of("post", "preun", "postun")) {
            file("scripts/" + script, "true\n", "rw-r--r--");
        }
        try (var files = Files.walk(staged)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.setLastModifiedTime(file, FILE_TIME);
            }
        }
    }

    private void file(String path, String text, String mode) throws IOException {
        Path file = staged.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private Path written(String name) throws IOException {
        Path target = Files.createDirectories(folder.resolve(name));
        WritePackages.main(new String[]{staged.toString(), target.toString(), TIME});
        return target;
    }

    private static String run(String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("TZ", "UTC");
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        return said;
    }

    @Test
    void deb_readByDpkg_hasFilesModesTimesAndConfiguration() throws Exception {
        String deb = written("one").resolve("small_1.2-3_amd64.deb").toString();
        List<String> files = run("dpkg-deb", "-c", deb).lines().map(line -> line.replaceAll(" +", " ")).toList();
        assertTrue(files.contains("-rwxr-xr-x root/root 10 2025-06-07 08:09 ./usr/bin/tool"), files::toString);
        assertTrue(files.contains("-rw-r--r-- root/root 6 2025-06-07 08:09 ./etc/small/small.conf"), files::toString);
        assertTrue(
                files.stream()
                        .anyMatch(line -> line.startsWith("lrwxrwxrwx") && line.endsWith("./usr/bin/link -> tool")),
                files::toString);
        assertTrue(files.stream().noneMatch(line -> line.contains("LICENSE")), files::toString);
        assertEquals("/etc/small/small.conf\n", run("dpkg-deb", "-I", deb, "conffiles"));
        assertEquals("small 1.2-3 11",
                run("dpkg-deb", "--show", "--showformat=${Package} ${Version} ${Installed-Size}", deb));
        assertEquals(2, run("dpkg-deb", "-I", deb, "md5sums").lines().count());
    }

    @Test
    void rpm_readByRpm_hasFilesModesTimesAndConfiguration() throws Exception {
        String rpm = written("one").resolve("small-1.2-3.x86_64.rpm").toString();
        assertTrue(run("rpm", "-K", "--nosignature", rpm).endsWith(": digests OK\n"));
        List<String> files = run("rpm", "-qp", "--qf",
                "[%{FILENAMES} %{FILEMODES:perms} %{FILEUSERNAME} %{FILEMTIMES} %{FILEFLAGS:fflags}\n]", rpm).lines()
                .toList();
        long time = FILE_TIME.toInstant().getEpochSecond();
        assertTrue(files.contains("/usr/bin/tool -rwxr-xr-x root " + time + " "), files::toString);
        assertTrue(files.contains("/etc/small/small.conf -rw-r--r-- root " + time + " cn"), files::toString);
        assertTrue(files.stream().anyMatch(line -> line.startsWith("/usr/bin/link lrwxrwxrwx ")), files::toString);
        assertTrue(files.stream().noneMatch(line -> line.startsWith("/usr ") || line.contains("copyright")),
                files::toString);
        assertEquals("small-1.2-3.x86_64 A small package 1767323045",
                run("rpm", "-qp", "--qf", "%{NVRA} %{SUMMARY} %{BUILDTIME}", rpm));
    }

    @Test
    void packages_writtenTwice_areTheSameToTheByte() throws Exception {
        Path one = written("one");
        Path two = written("two");
        for (String name : List.of("small_1.2-3_amd64.deb", "small-1.2-3.x86_64.rpm")) {
            assertArrayEquals(Files.readAllBytes(one.resolve(name)), Files.readAllBytes(two.resolve(name)), name);
        }
    }

    @Test
    void path_stagedTwice_isRefused() throws Exception {
        file("deb/usr/bin/tool", "another\n", "rwxr-xr-x");
        assertEquals("staged twice: usr/bin/tool", assertThrows(IOException.class, () -> written("one")).getMessage());
    }
}
