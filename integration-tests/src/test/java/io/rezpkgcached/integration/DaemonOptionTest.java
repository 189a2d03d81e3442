package io.rezpkgcached.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.StateFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code rez-pkg-cache --daemon}, which rez starts after every context, where no daemon serves the cache yet. */
final class DaemonOptionTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    private Path folder;
    private CacheLayout cache;
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void makeCache() throws IOException {
        folder = folder.toRealPath();
        cache = CacheLayout.of(Files.createDirectory(folder.resolve("cache")));
        environment.putAll(Map.of("PATH", "/usr/bin:/bin", "HOME", folder.toString(), "REZ_DISABLE_HOME_CONFIG", "1",
                "REZ_PACKAGES_PATH", folder.resolve("packages").toString(), "REZ_DEFAULT_CACHABLE", "1",
                "REZ_PACKAGE_CACHE_SAME_DEVICE", "1", "REZ_TMPDIR", "/nowhere", "XDG_RUNTIME_DIR", folder.toString()));
        environment.put("REZ_LOCAL_PACKAGES_PATH", "/nowhere");
        environment.put("REZ_PACKAGE_CACHE_USED_THRESHOLD", "100");
        environment.put("REZ_PACKAGE_CACHE_SPACE_BUFFER", "0");
        environment.put("REZ_PKG_CACHED_IDLE_TIMEOUT", "25 s");
    }

    @AfterEach
    void stopDaemon() throws IOException, InterruptedException {
        Optional<ProcessHandle> daemon = pid().flatMap(ProcessHandle::of);
        daemon.ifPresent(ProcessHandle::destroy);
        if (daemon.isPresent()) {
            Wait.until(LONG, "the daemon has ended", () -> !daemon.get().isAlive());
        }
    }

    private Optional<Long> pid() throws IOException {
        return StateFile.read(cache.daemonFile()).map(file -> ((Number) file.get("pid")).longValue());
    }

    /** Has the daemon started, and waits until it serves; the number of its process. */
    private long start() throws IOException, InterruptedException {
        Run run = run("--daemon", cache.toString());
        assertEquals(new Run(0, "", ""), run);
        Wait.until(LONG, "the daemon serves", () -> pid().isPresent());
        return pid().orElseThrow();
    }

    private Run run(String... words) throws IOException, InterruptedException {
        return Run.of(folder, environment, command(words));
    }

    private static List<String> command(String... words) {
        List<String> command = new ArrayList<>(List.of(Distribution.built().client().toString()));
        command.addAll(List.of(words));
        return command;
    }

    @Test
    void start_settingsThatCannotBeKnown_areSaidHereAndInTheLog() throws IOException, InterruptedException {
        Path config = Files.writeString(folder.resolve("config.py"),
                "import os\npackages_path = [os.path.join('/svr', 'packages')]\n");
        environment.remove("REZ_PACKAGES_PATH");
        environment.put("REZ_CONFIG_FILE", config.toString());
        Run run = run("--daemon", cache.toString());
        assertEquals(1, run.status(), run::toString);
        String line = "No daemon was started - " + config
                + ":2: packages_path cannot be known without running the file";
        assertTrue(run.err().contains(line) && run.err().lines().count() == 1, run::toString);
        Run logs = run("--logs", cache.toString());
        assertTrue(logs.out().contains(line), logs::toString);
        assertTrue(pid().isEmpty());
    }

    @Test
    void daemon_startedWithPipesOpen_holdsNoneOfThem() throws Exception {
        List<String> command = new ArrayList<>(List.of("bash", "-c", "exec \"$@\" 3>&1 15>&1", "bash"));
        command.addAll(command("--daemon", cache.toString()));
        Process process = Run.builder(folder, environment, command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        // Ends when nobody has the pipe open any more, as stdout, stderr, 3 or 15.
        assertEquals("", new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        assertTrue(process.waitFor(LONG.toSeconds(), TimeUnit.SECONDS));
        assertEquals(0, process.exitValue());
        Wait.until(LONG, "the daemon serves", () -> pid().isPresent());
        assertTrue(ProcessHandle.of(pid().orElseThrow()).isPresent(), "and lives on");
    }

    @Test
    void daemon_startedFromAJob_belongsToNobody() throws Exception {
        environment.put("SECRET", "of the job");
        environment.put("REZ_USED_REQUEST", "foo");
        environment.put("REZ_FOO_ROOT", "/svr/packages/foo");
        environment.put("MAYA_LOCATION", "/opt/maya");
        environment.put("REZ_PKG_CACHED_KEEP_ENV", "MAYA_LOCATION  HOME MAYA_LOCATION");
        Path process = Path.of("/proc", Long.toString(start()));
        assertEquals(Path.of("/"), Files.readSymbolicLink(process.resolve("cwd")));
        for (String descriptor : List.of("0", "1", "2")) {
            assertEquals(Path.of("/dev/null"), Files.readSymbolicLink(process.resolve("fd").resolve(descriptor)));
        }
        String status = Files.readString(process.resolve("stat"));
        String session = status.substring(status.lastIndexOf(')') + 2).split(" ", -1)[3];
        assertEquals(process.getFileName().toString(), session, "leads a session of its own");
        Map<String, String> expected = new TreeMap<>(environment);
        expected.keySet().removeAll(Set.of("SECRET", "REZ_USED_REQUEST", "REZ_FOO_ROOT"));
        Map<String, String> found = new TreeMap<>(variables(process));
        found.keySet().removeAll(Set.of("PWD", "LC_ALL", "OLDPWD", "SHLVL", "_")); // its shell's and its launcher's
        assertEquals(expected, found);
    }

    private static Map<String, String> variables(Path process) throws IOException {
        return Files.readString(process.resolve("environ")).transform(text -> List.of(text.split("\0", -1))).stream()
                .filter(entry -> entry.contains("="))
                .collect(Collectors.toMap(entry -> entry.substring(0, entry.indexOf('=')),
                        entry -> entry.substring(entry.indexOf('=') + 1)));
    }

    @Test
    void daemon_started_servesWhatIsPending_andASecondOneDoesNotStart() throws Exception {
        Path definition = Files.createDirectories(folder.resolve("packages/foo/1.0")).resolve("package.py");
        Files.writeString(definition, "name = 'foo'\nversion = '1.0'\n");
        assertEquals(0, run("enqueue", "--cache", cache.toString(), definition + "[]").status());
        long pid = start();
        Wait.until(LONG, "it is cached", () -> run(cache.toString()).out().startsWith("cached "));
        assertEquals(pid, start());
        assertTrue(ProcessHandle.of(pid).isPresent());
    }

    @Test
    void daemon_cannotBeStarted_oneLine() throws Exception {
        assertEquals(1, run("--daemon", folder.resolve("none").toString()).status());
        assertTrue(run("--daemon", folder.resolve("none").toString()).err()
                .endsWith(" ERROR    PackageCacheError: Not a directory: " + folder.resolve("none") + "\n"));
        environment.put("PATH", folder.toString());
        Run run = run("--daemon", cache.toString());
        assertEquals(1, run.status());
        assertTrue(run.err().startsWith("rez-pkg-cache: cannot start the daemon: Cannot run program \"setsid\"")
                && run.err().lines().count() == 1, run::toString);
    }
}
