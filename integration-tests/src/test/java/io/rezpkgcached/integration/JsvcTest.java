package io.rezpkgcached.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.StateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The daemon under Debian's jsvc in the foreground, which starts as root and goes on as somebody else. */
@Tag("root")
class JsvcTest {
    private static final String USER = "nobody";
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int STOP_WITHIN_SECONDS = 20;

    private Path folder;
    private Distribution distribution;
    private Path repository;
    private CacheLayout cache;

    /** Not a folder of JUnit's, which nobody but root may enter. */
    @BeforeEach
    void install() throws Exception {
        folder = open(Files.createTempDirectory("jsvc"));
        distribution = Distribution.built().copyTo(folder.resolve("home"));
        repository = Files.createDirectory(folder.resolve("packages"));
        Path root = Files.createDirectory(folder.resolve("cache"));
        Files.setOwner(root, root.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(USER));
        cache = CacheLayout.of(root);
        Files.writeString(folder.resolve("daemon.conf"), """
                default_cachable = true
                package_cache_same_device = true
                package_cache_space_buffer = 0
                package_cache_used_threshold = 100
                tmpdir = "/nowhere"
                repositories = ["%s"]
                """.formatted(repository));
    }

    @AfterEach
    void delete() throws IOException {
        try (var paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static Path open(Path made) throws IOException {
        return Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** As docs/service.md says; only the Java is that of the tests, since the build's lies where nobody may look. */
    private Process start() throws IOException {
        String jars;
        try (var files = Files.list(distribution.folder().resolve("lib"))) {
            jars = files.map(Path::toString).filter(name -> name.endsWith(".jar")).sorted()
                    .collect(Collectors.joining(":"));
        }
        List<String> command = new ArrayList<>(List.of("/usr/bin/jsvc", "-nodetach", "-home",
                System.getProperty("java.home"), "-user", USER, "-pidfile", folder.resolve("jsvc.pid").toString(),
                "-outfile", folder.resolve("out").toString(), "-errfile", folder.resolve("err").toString(), "-cp", jars,
                "-XX:VMOptionsFile=" + distribution.folder().resolve("lib/jsvc.options"),
                "-Drez-pkg-cached.home=" + distribution.folder(), "io.rezpkgcached.daemon.Service", "--config",
                folder.resolve("daemon.conf").toString(), cache.root().toString()));
        return Run.builder(folder, Map.of("PATH", "/usr/bin:/bin", "LC_ALL", "C.UTF-8"), command)
                .redirectErrorStream(true).redirectOutput(folder.resolve("jsvc.out").toFile()).start();
    }

    private String printed() {
        StringBuilder all = new StringBuilder();
        for (String name : List.of("jsvc.out", "out", "err")) {
            try {
                all.append(name).append(": ").append(Files.readString(folder.resolve(name))).append('\n');
            } catch (IOException e) {
                all.append(e).append('\n');
            }
        }
        return all.toString();
    }

    private long awaitDaemon(Process jsvc) throws Exception {
        Wait.until(LONG, "the daemon serves", () -> Files.exists(cache.daemonFile()) || !jsvc.isAlive());
        assertTrue(jsvc.isAlive(), this::printed);
        Optional<Map<String, Object>> file = StateFile.read(cache.daemonFile());
        return ((Number) file.orElseThrow().get("pid")).longValue();
    }

    @Test
    void jsvc_inTheForeground_servesWithoutPrivilegesAndStops() throws Exception {
        Path payload = Files.createDirectories(repository.resolve("foo/1.0"));
        Files.writeString(payload.resolve("file"), "content");
        Files.writeString(payload.resolve("package.py"), "name = 'foo'\nversion = '1.0'\n");
        Process jsvc = start();
        try {
            long pid = awaitDaemon(jsvc);
            String status = Files.readString(Path.of("/proc", Long.toString(pid), "status"));
            assertTrue(status.contains("\nCapEff:\t0000000000000000\n"), status);
            assertTrue(status.contains("\nUid:\t65534\t65534\t65534\t65534\n"), status);
            Handle handle = Handle.of(repository.toString(), "foo", Optional.of("1.0"), OptionalInt.empty());
            Files.writeString(cache.pending().resolve("foo-1.0-" + UUID.randomUUID().toString().replace("-", "")
                    + ".json"), handle.toJson());
            Wait.until(LONG, "it is cached", () -> DaemonProcess.log(cache.root()).stream()
                    .anyMatch(line -> line.contains("Cached variant to " + cache.root().resolve("foo/1.0"))));
            jsvc.destroy();
            assertTrue(jsvc.waitFor(STOP_WITHIN_SECONDS, TimeUnit.SECONDS), this::printed);
            assertEquals(0, jsvc.exitValue(), this::printed);
            assertTrue(DaemonProcess.log(cache.root()).getLast().contains("Stopped daemon rez-pkg-cached"));
            assertEquals("", Files.readString(folder.resolve("err")));
        } finally {
            jsvc.destroyForcibly();
        }
    }

    @Test
    void jsvc_onABadConfiguration_endsAndSaysWhy() throws Exception {
        Files.writeString(folder.resolve("daemon.conf"), "workres = 3\n");
        Process jsvc = start();
        try {
            assertTrue(jsvc.waitFor(STOP_WITHIN_SECONDS, TimeUnit.SECONDS), this::printed);
            assertTrue(jsvc.exitValue() != 0, this::printed);
            assertTrue(printed().contains("did you mean workers?"), this::printed);
        } finally {
            jsvc.destroyForcibly();
        }
    }
}
