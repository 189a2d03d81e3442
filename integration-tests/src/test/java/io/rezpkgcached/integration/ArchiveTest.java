package io.rezpkgcached.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The archive, unpacked as an administrator does, with no Java in reach but its own. */
final class ArchiveTest {
    private static final long MOST_BYTES = 40_000_000;
    /** Options of a Java that may not start without the AOT cache; a file follows where it notes whence classes come. */
    private static final String TRAINED = "-XX:AOTMode=on -Xlog:class+load=info:file=";

    private static final Run NO_PACKAGES = new Run(0, "", "No cached packages.\n");
    private static final Pattern MAIN = Pattern.compile(" io[.]rezpkgcached[.](client|daemon)[.]Main source: ");
    private static final Run REPLACED = new Run(0, "replaced\n", "");
    private static final Duration COPY_WITHIN = Duration.ofSeconds(30);

    @TempDir
    private Path temp;
    private Path cache;
    private Path loaded;
    private Distribution distribution;

    @BeforeEach
    void unpacks() throws Exception {
        temp = temp.toRealPath();
        cache = Files.createDirectory(temp.resolve("cache"));
        loaded = temp.resolve("loaded.log");
        Path folder = Files.createDirectory(temp.resolve("with spaces é"));
        command("tar", "-xzf", archive().toString(), "-C", folder.toString());
        try (var children = Files.list(folder)) {
            distribution = new Distribution(children.findFirst().orElseThrow());
        }
        // The one tool that a launcher reached through a link needs.
        Path readlink = Files.createDirectory(temp.resolve("tools")).resolve("readlink");
        Files.writeString(readlink, "#!/bin/sh\nexec /usr/bin/readlink \"$@\"\n");
        Files.setPosixFilePermissions(readlink, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void size_ofTheArchive_isWithinBounds() throws IOException {
        assertTrue(Files.size(archive()) <= MOST_BYTES, () -> archive() + " is too large");
    }

    @Test
    void client_asUnpacked_startsFromTheCache() throws Exception {
        assertEquals(NO_PACKAGES, trained(distribution.client()));
        assertTrue(isFromCache(), Files.readString(loaded));
    }

    @Test
    void daemon_asUnpacked_startsFromTheCache() throws Exception {
        Run run = daemon(Map.of("REZ_PKG_CACHED_JAVA_OPTIONS", TRAINED + loaded));
        assertEquals(new Run(0, version(), ""), run);
        assertTrue(isFromCache(), Files.readString(loaded));
    }

    @Test
    void client_otherCommands_startFromACacheOfTheirOwn() throws Exception {
        Run run = Run.of(temp, environment(Map.of("REZ_PKG_CACHED_CLIENT_JAVA_OPTIONS", TRAINED + loaded)),
                List.of(distribution.client().toString(), "requests", "--cache", cache.toString()));
        assertEquals(0, run.status(), run::toString);
        assertTrue(isFromCache(), Files.readString(loaded));
        assertTrue(Files.readString(loaded).contains("client.RequestsCommand source: shared objects file"));
    }

    @Test
    void client_movedAndThroughLinks_startsFromTheCache() throws Exception {
        Path moved = Files.move(distribution.folder(), temp.resolve("moved"));
        Path link = Files.createSymbolicLink(temp.resolve("rez-pkg-cache"), Path.of("one"));
        Files.createSymbolicLink(temp.resolve("one"), Path.of("moved/bin/rez-pkg-cache"));
        assertEquals(NO_PACKAGES, trained(link));
        assertTrue(isFromCache(), Files.readString(loaded));

        Files.delete(loaded);
        Files.createSymbolicLink(temp.resolve("folder"), moved);
        assertEquals(NO_PACKAGES, trained(temp.resolve("folder/bin/rez-pkg-cache")));
        assertTrue(isFromCache(), Files.readString(loaded));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-a", "-r"})
    void client_copied_startsFromTheCacheWhereTimesAreKept(String how) throws Exception {
        Path copy = temp.resolve("copy");
        command("cp", how, distribution.folder().toString(), copy.toString());
        assertEquals(NO_PACKAGES, run(copy.resolve("bin/rez-pkg-cache"), Map.of("REZ_PKG_CACHED_CLIENT_JAVA_OPTIONS",
                "-Xlog:class+load=info:file=" + loaded)));
        assertEquals(how.equals("-a"), isFromCache());
    }

    @ParameterizedTest
    @ValueSource(strings = {"newer", "older", "older by a second", "now"})
    void jar_replacedByOneOfItsSize_runsItsCode(String time) throws Exception {
        Path jar = jar("client-");
        FileTime old = Files.getLastModifiedTime(jar);
        Path other = replacement("client", (int) Files.size(jar));
        assertEquals(Files.size(jar), Files.size(other));
        Instant set = switch (time) {
            case "newer" -> old.toInstant().plusSeconds(1);
            case "older" -> Instant.EPOCH;
            case "older by a second" -> old.toInstant().minusSeconds(1);
            default -> Instant.now();
        };
        Files.setLastModifiedTime(other, FileTime.from(set));
        Files.delete(jar);
        Files.move(other, jar);
        assertEquals(REPLACED, run(distribution.client(), Map.of()));
    }

    @Test
    void jar_ofTheDaemonReplaced_runsItsCode() throws Exception {
        Path jar = jar("daemon-");
        Files.move(replacement("daemon", (int) Files.size(jar)), jar, StandardCopyOption.REPLACE_EXISTING);
        assertEquals(REPLACED, daemon(Map.of()));
    }

    /** As container images, OSTree and Nix do. */
    @Test
    void jar_replacedAndAllFilesGivenOneTime_runsItsCode() throws Exception {
        for (String module : List.of("client", "daemon")) {
            Path jar = jar(module + "-");
            Files.move(replacement(module, (int) Files.size(jar)), jar, StandardCopyOption.REPLACE_EXISTING);
        }
        try (var files = Files.walk(distribution.folder())) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1)));
            }
        }
        assertEquals(REPLACED, run(distribution.client(), Map.of()));
        assertEquals(REPLACED, daemon(Map.of()));
    }

    @Test
    void jar_replacedByALink_runsItsCode() throws Exception {
        Path jar = jar("client-");
        Path other = replacement("client", (int) Files.size(jar));
        Files.delete(jar);
        Files.createSymbolicLink(jar, other);
        assertEquals(REPLACED, run(distribution.client(), Map.of()));
    }

    @Test
    void jar_ofALibraryGone_isMissedAndNotServedFromTheCache() throws Exception {
        Files.delete(jar("settings-"));
        Run run = run(distribution.client(), Map.of());
        assertTrue(run.status() != 0 && run.err().contains("NoClassDefFoundError"), run.toString());
    }

    @Test
    void cache_gone_isOnlySlower() throws Exception {
        try (var files = Files.newDirectoryStream(distribution.folder().resolve("lib"), "*.aot")) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
        assertEquals(NO_PACKAGES, run(distribution.client(), Map.of()));
        assertEquals(new Run(0, version(), ""), daemon(Map.of()));
    }

    @Test
    void cache_cutOff_isOnlySlower() throws Exception {
        try (var files = Files.newDirectoryStream(distribution.folder().resolve("lib"), "*.aot")) {
            for (Path file : files) {
                FileTime time = Files.getLastModifiedTime(file);
                byte[] bytes = Files.readAllBytes(file);
                Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
                Files.setLastModifiedTime(file, time);
            }
        }
        assertEquals(NO_PACKAGES, run(distribution.client(), Map.of()));
        assertEquals(new Run(0, version(), ""), daemon(Map.of()));
    }

    /** As in jobs of a farm; Java by itself reserves 1 GB for classes alone. */
    @Test
    void addressSpace_thatIsScarce_isEnough() throws Exception {
        assertEquals(NO_PACKAGES,
                Run.of(temp, environment(Map.of()), limited(1_000_000, distribution.client(), cache.toString())));
        assertEquals(new Run(0, version(), ""),
                Run.of(temp, environment(Map.of()), limited(2_000_000, distribution.daemon(), "--version")));
    }

    private static List<String> limited(int kilobytes, Path launcher, String word) {
        return List.of("/bin/sh", "-c", "ulimit -v " + kilobytes + " && exec \"$0\" \"$1\"", launcher.toString(), word);
    }

    @Test
    void variables_ofOtherJavas_changeNothing() throws Exception {
        Map<String, String> variables = Map.of("JAVA_TOOL_OPTIONS", "-Xmx1k", "_JAVA_OPTIONS", "-XX:NoSuchFlag",
                "JDK_JAVA_OPTIONS", "--no-such-option", "JAVA_HOME", "/no/such", "CLASSPATH", "/no/such");
        assertEquals(NO_PACKAGES, run(distribution.client(), variables));
        assertEquals(new Run(0, version(), ""),
                Run.of(temp, variables, List.of(distribution.daemon().toString(), "--version")));
    }

    @Test
    void daemonAndClient_withoutAnyJava_cacheAVariant() throws Exception {
        Path repository = Files.createDirectories(temp.resolve("packages"));
        Path version = Files.createDirectories(repository.resolve("tool/1.0"));
        Files.writeString(version.resolve("package.py"), "name = 'tool'\nversion = '1.0'\n");
        Files.writeString(version.resolve("file"), "content");
        Map<String, String> rez = Map.of("REZ_DEFAULT_CACHABLE", "1", "REZ_PACKAGE_CACHE_SAME_DEVICE", "1",
                "REZ_TMPDIR", Files.createDirectory(temp.resolve("tmp")).toString(), "REZ_PACKAGES_PATH",
                repository.toString());
        try (DaemonProcess _ = DaemonProcess.start(distribution, cache, temp.resolve("output"), environment(rez),
                List.of())) {
            Run run = Run.of(temp, environment(rez), List.of(distribution.client().toString(), "enqueue", "--cache",
                    cache.toString(), version.resolve("package.py") + "[]"));
            assertEquals(0, run.status(), run.toString());
            Wait.until(COPY_WITHIN, "the variant is cached",
                    () -> run(distribution.client(), rez).out().startsWith("cached "));
        }
    }

    private static Path archive() {
        return Path.of(System.getProperty("dist.archive"));
    }

    private static String version() throws Exception {
        return Run.of(Path.of("/"), Map.of("PATH", "/no/such"),
                List.of(Distribution.built().daemon().toString(), "--version")).out();
    }

    private Path jar(String prefix) throws IOException {
        try (var files = Files.newDirectoryStream(distribution.folder().resolve("lib"), prefix + "*.jar")) {
            return files.iterator().next();
        }
    }

    private Run trained(Path client) throws Exception {
        return run(client, Map.of("REZ_PKG_CACHED_CLIENT_JAVA_OPTIONS", TRAINED + loaded));
    }

    private boolean isFromCache() throws IOException {
        List<String> lines = Files.readAllLines(loaded).stream().filter(line -> MAIN.matcher(line).find()).toList();
        assertEquals(1, lines.size(), lines::toString);
        return lines.getFirst().contains("source: shared objects file");
    }

    private Run daemon(Map<String, String> more) throws IOException, InterruptedException {
        return Run.of(temp, environment(more), List.of(distribution.daemon().toString(), "--version"));
    }

    private Run run(Path client, Map<String, String> more) throws IOException, InterruptedException {
        return Run.of(temp, environment(more), List.of(client.toString(), cache.toString()));
    }

    private Map<String, String> environment(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(more);
        environment.put("PATH", temp.resolve("tools").toString());
        environment.put("REZ_DISABLE_HOME_CONFIG", "1");
        return environment;
    }

    private void command(String... words) throws IOException, InterruptedException {
        assertEquals(new Run(0, "", ""), Run.of(temp, Map.of("PATH", "/usr/bin:/bin"), List.of(words)));
    }

    /** A jar of exactly some bytes, whose Main only says that it is another. */
    private Path replacement(String module, int size) throws IOException {
        Path source = temp.resolve("Main.java");
        Files.writeString(source, "package io.rezpkgcached." + module + ";\n" + """
                public final class Main {
                    public static void main(String[] words) {
                        System.out.println("replaced");
                    }
                }
                """);
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", temp.toString(),
                source.toString()));
        String name = "io/rezpkgcached/" + module + "/Main.class";
        byte[] code = Files.readAllBytes(temp.resolve(name));
        byte[] unpadded = jar(name, code, 0);
        Path jar = temp.resolve("other.jar");
        Files.write(jar, jar(name, code, size - unpadded.length));
        return jar;
    }

    private static byte[] jar(String name, byte[] code, int padding) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            add(zip, name, code);
            add(zip, "padding", new byte[padding]);
        }
        return bytes.toByteArray();
    }

    private static void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        CRC32 sum = new CRC32();
        sum.update(content);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(sum.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
