package io.rezpkgcached.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.lock.CacheLock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our command where our daemon serves the cache, and where that goes away. */
final class WithDaemonTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int FILES = 40;
    private static final int FILE_BYTES = 100_000;

    @TempDir
    private Path folder;
    private Path repository;
    private Path cache;
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void makeCacheAndRepository() throws IOException {
        folder = folder.toRealPath();
        repository = Files.createDirectory(folder.resolve("packages"));
        cache = Files.createDirectory(folder.resolve("cache"));
        environment.putAll(Map.of("PATH", "/usr/bin:/bin", "HOME", folder.toString(), "REZ_DISABLE_HOME_CONFIG", "1",
                "REZ_PACKAGES_PATH", repository.toString(), "REZ_CACHE_PACKAGES_PATH", cache.toString(),
                "REZ_DEFAULT_CACHABLE", "1", "REZ_PACKAGE_CACHE_SAME_DEVICE", "1", "REZ_TMPDIR", "/nowhere",
                "REZ_LOCAL_PACKAGES_PATH", "/nowhere", "REZ_PACKAGE_CACHE_USED_THRESHOLD", "100"));
        environment.put("XDG_RUNTIME_DIR", Files.createDirectory(folder.resolve("run")).toString());
        environment.put("REZ_PACKAGE_CACHE_SPACE_BUFFER", "0");
        environment.put("REZ_DEFAULT_CACHABLE_PER_PACKAGE", "never:0");
    }

    private String install(String name) throws IOException {
        Path directory = Files.createDirectories(repository.resolve(name).resolve("1.0/lib")).getParent();
        for (int i = 0; i < FILES; i++) {
            Files.write(directory.resolve("lib/file" + i), new byte[FILE_BYTES]);
        }
        return Files.writeString(directory.resolve("package.py"), "name = '" + name + "'\nversion = '1.0'\n") + "[]";
    }

    private static String client() {
        return Distribution.built().client().toString();
    }

    private Run run(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(client()));
        command.addAll(List.of(words));
        return Run.of(folder, environment, command);
    }

    /** The lines without their times. */
    private static String said(Run run) {
        return run.status() + " " + run.out() + run.err().replaceAll("(?m)^\\d\\d:\\d\\d:\\d\\d ", "");
    }

    private DaemonProcess startDaemon(String... bytesPerSecond) throws IOException, InterruptedException {
        Map<String, String> more = new HashMap<>(environment);
        if (bytesPerSecond.length > 0) {
            more.put("REZ_PKG_CACHED_COPY_BYTES_PER_SECOND", bytesPerSecond[0]);
        }
        return DaemonProcess.start(cache, folder.resolve("output"), more, List.of());
    }

    private String adding(String uri) {
        return "INFO     Adding variant '" + uri + "' to package cache at " + cache + ":\n";
    }

    @Test
    void addRemoveClean_areDoneByTheDaemon_andSayWhatRezSays() throws Exception {
        String foo = install("foo");
        String never = install("never");
        try (DaemonProcess daemon = startDaemon()) {
            Run added = run("-a", foo);
            String payload = cache + "/foo/1.0/";
            assertTrue(said(added).startsWith("0 " + adding(foo) + "INFO     Successfully cached to: " + payload),
                    () -> said(added));
            assertEquals(1, daemon.lines("Cached variant to " + payload).size());
            assertTrue(said(run("-a", foo)).startsWith("0 " + adding(foo) + "INFO     Already exists: " + payload));
            assertEquals("1 " + adding(never) + "ERROR    PackageCacheError: Not cached - package is not cachable: "
                    + never.substring(0, never.length() - 2) + "\n", said(run("-a", never, foo)));
            assertEquals("0 " + adding(never), said(run("-f", "-a", never)).substring(0, 2 + adding(never).length()));
            String removing = adding(foo).replace("Adding", "Removing").replace("to package", "from package");
            assertEquals("0 " + removing + "INFO     Variant successfully removed\n", said(run("-r", foo)));
            assertEquals("0 " + removing + "ERROR    No such variant found in cache\n", said(run("-r", foo)));
            try (var hashes = Files.walk(cache.resolve("never"))) {
                Path index = hashes.filter(path -> path.toString().endsWith(".json")).findFirst().orElseThrow();
                Files.setLastModifiedTime(index, FileTime.from(Instant.now().minus(Duration.ofDays(40))));
            }
            Run cleaned = run("--clean");
            String message = "INFO Removed unused variant " + never + " from cache\n";
            assertTrue(cleaned.status() == 0 && cleaned.err().contains(message), cleaned::toString);
            assertEquals(1, DaemonProcess.log(cache).stream().filter(line -> (line + "\n").endsWith(message)).count());
            assertEquals(1, daemon.lines("Removed unused variant").size());
            assertEquals("0 No cached packages.\n", said(run()));
        }
    }

    @Test
    void daemonKilledWhileTheCommandWaits_commandCopiesByItself() throws Exception {
        String foo = install("foo");
        try (DaemonProcess daemon = startDaemon("400000")) {
            Process command = Run.builder(folder, environment, List.of(client(), "-a", foo)).redirectErrorStream(true)
                    .start();
            Wait.until(LONG, "it copies", () -> !daemon.lines("Started caching").isEmpty());
            daemon.kill();
            String said = new String(command.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(said.contains("WARNING  the daemon has gone") && said.contains("copying without it"), said);
            assertTrue(command.waitFor(60, TimeUnit.SECONDS));
            assertEquals(0, command.exitValue(), said);
            assertTrue(said.contains("Successfully cached to: "), said);
        }
    }

    @Test
    void add_afterOneThatIsRefused_isNotTried() throws Exception {
        String bad = install("bad");
        Path definition = Path.of(bad.substring(0, bad.length() - 2));
        Files.writeString(definition, "name = 'bad'\nversion = '1.0'\ncachable = [\n");
        String foo = install("foo");
        Run alone = run("-a", bad, foo);
        assertTrue(
                said(alone).startsWith("1 " + adding(bad) + "ERROR    PackageCacheError: Not cached - " + definition),
                alone::toString);
        assertEquals(2, alone.err().lines().count(), alone::toString);
        try (DaemonProcess _ = startDaemon()) {
            assertEquals(said(alone), said(run("-a", bad, foo)));
        }
        assertEquals("0 No cached packages.\n", said(run()));
    }

    @Test
    void add_withLinkThatLeadsNowhere_warnsWithDaemonAsWithout() throws Exception {
        String foo = install("foo");
        Files.createSymbolicLink(repository.resolve("foo/1.0/lib/gone"), Path.of("/nowhere/at/all"));
        Run alone = run("-a", foo);
        assertTrue(alone.status() == 0 && alone.err().contains(" WARNING  ") && alone.err().contains("nowhere"),
                alone::toString);
        assertEquals(0, run("-r", foo).status());
        try (DaemonProcess daemon = startDaemon()) {
            assertEquals(said(alone).replaceAll("/[a-z]+\\n$", ""), said(run("-a", foo)).replaceAll("/[a-z]+\\n$", ""));
            assertEquals(1, daemon.lines("Cached variant to").size());
        }
    }

    @Test
    void add_whereTheDiskIsTooFull_saysWhatRezSaysAndWhatBecomesOfIt() throws Exception {
        String foo = install("foo");
        environment.put("REZ_PACKAGE_CACHE_SPACE_BUFFER", Long.toString(Long.MAX_VALUE / 2));
        Run alone = run("-a", foo);
        String full = "WARNING  Cache no longer accepting new variant due to size limit.\n";
        assertTrue(said(alone).startsWith("1 " + adding(foo) + full), alone::toString);
        try (DaemonProcess _ = startDaemon()) {
            Run with = run("-a", foo);
            assertTrue(said(with).startsWith("1 " + adding(foo) + full), with::toString);
            assertTrue(said(with).lines().toList().getLast()
                    .matches("WARNING  Not cached yet - it stays requested; the next try is in \\d+:\\d\\d"),
                    with::toString);
            assertEquals(1, list(cache.resolve(".sys/pending")).size());
        }
    }

    /** As in an upgrade. */
    @Test
    void daemonStoppedWhileTheCommandWaits_commandCopiesByItself() throws Exception {
        String foo = install("foo");
        try (DaemonProcess daemon = startDaemon("200000")) {
            Process command = Run.builder(folder, environment, List.of(client(), "-a", foo)).redirectErrorStream(true)
                    .start();
            Wait.until(LONG, "it copies", () -> !daemon.lines("Started caching").isEmpty());
            signal("TERM", daemon.pid());
            String said = new String(command.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(said.contains("WARNING  the daemon stops; copying without it"), said);
            assertTrue(command.waitFor(60, TimeUnit.SECONDS));
            assertEquals(0, command.exitValue(), said);
            assertTrue(said.contains("Successfully cached to: "), said);
        }
    }

    @Test
    void daemonThatHangs_isReportedAndGoneAround() throws Exception {
        String foo = install("foo");
        try (DaemonProcess daemon = startDaemon()) {
            signal("STOP", daemon.pid());
            try {
                Run run = run("-a", foo);
                assertTrue(run.status() == 0
                        && run.err().contains("the daemon has not answered for 6 s; copying without it")
                        && run.err().contains("Successfully cached to: "), run::toString);
            } finally {
                signal("CONT", daemon.pid());
            }
        }
    }

    @Test
    void interrupted_whileItCopies_leavesNothing() throws Exception {
        String foo = install("foo");
        environment.put("REZ_PKG_CACHED_COPY_BYTES_PER_SECOND", "400000");
        // A build that a shell runs in the background has SIGINT ignored, and so would all that it starts.
        Process command = Run.builder(folder, environment,
                List.of("env", "--default-signal=INT", client(), "-a", foo)).redirectErrorStream(true).start();
        Wait.until(LONG, "it copies", () -> Files.isDirectory(cache.resolve("foo")));
        signal("INT", command.pid());
        assertTrue(command.waitFor(20, TimeUnit.SECONDS));
        assertEquals(130, command.exitValue());
        assertEquals("0 No cached packages.\n", said(run()));
        assertEquals(List.of(), list(cache.resolve(".sys/rez-pkg-cached/staging")));
        assertEquals(List.of(), list(cache.resolve(".sys/pending")));
    }

    /** The unfinished entry is taken out under rez's lock, and that is waited for. */
    @Test
    void interruptedTwice_whileItWaitsForTheLock_endsAtOnce() throws Exception {
        String foo = install("foo");
        environment.put("REZ_PKG_CACHED_COPY_BYTES_PER_SECOND", "400000");
        Process command = Run.builder(folder, environment,
                List.of("env", "--default-signal=INT", client(), "-a", foo)).redirectErrorStream(true).start();
        Wait.until(LONG, "it copies", () -> Files.isDirectory(cache.resolve("foo")));
        try (CacheLock.Held _ = new CacheLock(CacheLayout.of(cache), _ -> {}).acquire()) {
            signal("INT", command.pid());
            Wait.until(Duration.ofSeconds(8), "the second Ctrl-C ended it", () -> {
                if (command.isAlive()) {
                    // it may end at this moment
                    new ProcessBuilder("kill", "-INT", Long.toString(command.pid())).start().waitFor();
                }
                return !command.isAlive();
            });
        }
        assertEquals(130, command.exitValue());
        // What it left looks as if it were being copied for 5 s; then the next one takes it up.
        environment.remove("REZ_PKG_CACHED_COPY_BYTES_PER_SECOND");
        Run next = run("--pkg-cache-mode", "sync", "-a", foo);
        assertTrue(next.status() == 0 && next.err().contains("Successfully cached to: "), next::toString);
    }

    @Test
    void twoCommands_addTheSame_theSecondWaitsOnlyInSyncMode() throws Exception {
        String foo = install("foo");
        Map<String, String> slowly = new HashMap<>(environment);
        slowly.put("REZ_PKG_CACHED_COPY_BYTES_PER_SECOND", "1000000"); // 4 s
        Process first = Run.builder(folder, slowly, List.of(client(), "-a", foo)).redirectErrorStream(true).start();
        Wait.until(LONG, "it copies", () -> Files.isDirectory(cache.resolve("foo")));
        Run async = run("-a", foo, "--pkg-cache-mode", "async");
        String payload = cache + "/foo/1.0/";
        assertTrue(said(async).startsWith(
                "0 " + adding(foo) + "WARNING  Another process is currently copying to: " + payload), async::toString);
        Run sync = run("-a", foo, "--pkg-cache-mode", "sync");
        assertTrue(said(sync).startsWith("0 " + adding(foo) + "INFO     Already exists: " + payload), sync::toString);
        assertTrue(first.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, first.exitValue());
    }

    private static List<Path> list(Path folder) throws IOException {
        try (var paths = Files.list(folder)) {
            return paths.toList();
        }
    }

    /** {@code script} gives a command a terminal, whose width {@code stty} sets. */
    @ParameterizedTest
    @ValueSource(strings = {"COLUMNS=20 ", "stty cols 20; "})
    void progress_atANarrowTerminal_fits(String narrow) throws Exception {
        String foo = install("foo");
        try (DaemonProcess _ = startDaemon("2000000")) {
            Run run = Run.of(folder, environment,
                    List.of("script", "-qefc", narrow + client() + " -a '" + foo + "'", "/dev/null"));
            assertEquals(0, run.status(), run::toString);
            List<String> shown = run.out().lines().flatMap(line -> List.of(line.split("\r", -1)).stream())
                    .filter(part -> part.startsWith("foo-1.0")).toList();
            assertTrue(shown.size() > 1 && shown.stream().allMatch(part -> part.length() < 20), shown::toString);
            assertTrue(shown.stream().anyMatch(part -> part.endsWith(" left") || part.contains(" MB")),
                    shown::toString);
        }
    }

    /** Else Java's own first file would be read in its place. */
    @Test
    void context_onAStdinThatIsClosed_isOneLine() throws Exception {
        Run run = Run.of(folder, environment, List.of("sh", "-c", client() + " enqueue - <&-"));
        assertEquals(new Run(1, "", "rez-pkg-cache: standard input is not a context: empty, no JSON value\n"), run);
    }

    @Test
    void usage_atANarrowTerminal_isWrappedAsByRez() throws Exception {
        Run run = Run.of(folder, environment,
                List.of("script", "-qefc", "stty cols 30; " + client() + " --nope", "/dev/null"));
        String usage = """
                usage: rez [-h] [-i] [-V]
                           [-v]
                           COMMAND ...
                rez: error: unrecognized arguments: --nope
                """;
        assertEquals(usage.replace("\n", "\r\n"), run.out());
    }

    private static void signal(String name, long pid) throws IOException, InterruptedException {
        assertEquals(0, new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor());
    }
}
