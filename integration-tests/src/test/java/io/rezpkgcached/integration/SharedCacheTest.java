package io.rezpkgcached.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.resolve.testing.TestMemcached;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users of one machine, each with an unmodified rez and our commands, on a cache that our daemon shares among them. */
@Tag("rez")
@Tag("root")
final class SharedCacheTest {
    private static final int DAEMON = 64001;
    private static final int ANA = 64002;
    private static final int BOB = 64003;
    private static final int ADMINS = 64010;
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int FILE_BYTES = 200_000;

    @TempDir
    private Path folder;

    private Path root;
    private Path cache;
    private Path repository;
    private Distribution distribution;
    private Rez rez;
    private Process daemon;

    @BeforeEach
    void make() throws Exception {
        root = folder.toRealPath();
        mode(root, "rwxr-xr-x");
        cache = Files.createDirectory(root.resolve("cache"));
        repository = Files.createDirectory(root.resolve("packages"));
        for (String name : List.of("cache", "run")) {
            Path made = Files.createDirectories(root.resolve(name));
            Files.setAttribute(made, "unix:uid", DAEMON);
        }
        mode(Files.createDirectory(root.resolve("tmp")), "rwxrwxrwx");
        distribution = Distribution.built().copyTo(root.resolve("installed"));
        rez = Rez.real();
    }

    @AfterEach
    void stop() throws Exception {
        if (daemon != null) {
            daemon.destroy();
            assertTrue(daemon.waitFor(20, TimeUnit.SECONDS));
        }
    }

    private static void mode(Path path, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    private void startDaemon(String... more) throws Exception {
        List<String> lines = new ArrayList<>(List.of("shared_cache = true", "admin_group = \"" + ADMINS + "\"",
                "repositories = [\"" + repository + "\"]", "retry_pause = 100 s", "retry_pause_max = 100 s"));
        lines.addAll(List.of(more));
        Path conf = Files.write(root.resolve("daemon.conf"), lines);
        Map<String, String> environment = environment();
        environment.put("RUNTIME_DIRECTORY", root.resolve("run").toString());
        List<String> command = as(DAEMON, DAEMON, "022", List.of(distribution.daemon().toString(), "--config",
                conf.toString(), cache.toString()));
        daemon = Run.builder(root, environment, command).redirectErrorStream(true)
                .redirectOutput(root.resolve("daemon.out").toFile()).start();
        Wait.until(LONG, "the daemon serves", () -> printed().contains("Started daemon"));
    }

    private String printed() throws IOException {
        return Files.readString(root.resolve("daemon.out"));
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        environment.put("PATH", Lab.PATH);
        environment.put("HOME", root.resolve("tmp").toString());
        environment.put("USER", "somebody");
        environment.put("LOGNAME", "somebody");
        environment.put("LC_ALL", "C.UTF-8");
        environment.put("REZ_PKG_CACHED_JAVA_HOME", System.getProperty("java.home"));
        environment.put("REZ_DISABLE_HOME_CONFIG", "1");
        environment.put("REZ_PACKAGES_PATH", repository.toString());
        environment.put("REZ_LOCAL_PACKAGES_PATH", root.resolve("local").toString());
        environment.put("REZ_TMPDIR", root.resolve("tmp").toString());
        environment.put("REZ_CACHE_PACKAGES_PATH", cache.toString());
        environment.put("REZ_DEFAULT_CACHABLE", "1");
        environment.put("REZ_PACKAGE_CACHE_SAME_DEVICE", "1");
        environment.put("REZ_PACKAGE_CACHE_USED_THRESHOLD", "100");
        environment.put("REZ_IMPLICIT_PACKAGES", "");
        return environment;
    }

    private static List<String> as(int user, int group, String umask, List<String> words) {
        List<String> command = new ArrayList<>(List.of("setpriv", "--reuid=" + user, "--regid=" + group,
                "--clear-groups", "sh", "-c", "umask " + umask + "; exec \"$@\"", "sh"));
        command.addAll(words);
        return command;
    }

    private Run rez(int user, String command, String... words) throws Exception {
        return rez(user, environment(), command, words);
    }

    private Run rez(int user, Map<String, String> environment, String command, String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of(rez.command(command)));
        all.addAll(List.of(words));
        return Run.of(root, environment, as(user, user, "077", all));
    }

    private Run ours(int user, int group, String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of(distribution.client().toString()));
        all.addAll(List.of(words));
        return Run.of(root, environment(), as(user, group, "077", all));
    }

    /** Where a context of a user finds a package. */
    private String rootIn(Run run) {
        assertEquals(0, run.status(), run::toString);
        return run.out().strip();
    }

    private Run context(int user, String name) throws Exception {
        return rez(user, "rez-env", name, "--", "sh", "-c",
                "echo $REZ_" + name.toUpperCase(java.util.Locale.ROOT) + "_ROOT");
    }

    private Run syncContext(int user, String name) throws Exception {
        Map<String, String> sync = environment();
        sync.put("REZ_PACKAGE_CACHE_ASYNC", "0");
        return rez(user, sync, "rez-env", name, "--", "sh", "-c",
                "echo $REZ_" + name.toUpperCase(java.util.Locale.ROOT) + "_ROOT");
    }

    private void install(String name, int files) throws IOException {
        Path payload = Files.createDirectories(repository.resolve(name).resolve("1.0/lib"));
        Random random = new Random(name.hashCode());
        for (int i = 0; i < files; i++) {
            byte[] content = new byte[FILE_BYTES];
            random.nextBytes(content);
            Files.write(payload.resolve("file" + i), content);
        }
        Files.writeString(payload.resolveSibling("package.py"),
                "name = '%s'\nversion = '1.0'\ndef commands():\n    env.PATH.append('{root}')\n".formatted(name));
    }

    private String uri(String name) {
        return repository.resolve(name) + "/1.0/package.py[]";
    }

    private boolean isInCache(String path) {
        return path.startsWith(cache + "/");
    }

    @Test
    void usersInAsyncMode_useWhatTheOtherHadCached_listIt_andSeeTheLog() throws Exception {
        install("foo", 2);
        startDaemon();
        assertEquals(repository + "/foo/1.0", rootIn(context(ANA, "foo")));
        assertEquals(0, ours(BOB, BOB, "wait", "--timeout", "30s", uri("foo")).status());
        String cached = rootIn(context(BOB, "foo"));
        assertTrue(isInCache(cached), cached);
        assertEquals(cached, rootIn(context(ANA, "foo")));
        Run listed = rez(BOB, "rez-pkg-cache", "-c", "status", "cache_path");
        assertEquals(List.of(0, "cached  " + cached), List.of(listed.status(), listed.out().strip()), listed::toString);
        assertEquals(listed.out(), ours(BOB, BOB, "-c", "status", "cache_path").out());
        Run logs = rez(BOB, "rez-pkg-cache", "--logs");
        assertEquals(0, logs.status(), logs::toString);
        assertTrue(logs.out().contains("Cached variant to " + cached), logs::toString);
        Trees.assertSameFiles(repository.resolve("foo/1.0"), Path.of(cached));
    }

    @Test
    void usersInSyncMode_haveTheirEnvironments_whateverOthersWaitFor() throws Exception {
        install("foo", 2);
        startDaemon();
        String absent = "{\"key\": \"filesystem.variant\", \"variables\": {\"repository_type\": \"filesystem\", \"location\": \""
                + repository + "/absent\", \"name\": \"later\", \"version\": \"1.0\", \"index\": null}}";
        Path request = cache.resolve(".sys/pending/later-1.0-00000000000000000000000000000000.json");
        assertEquals(0, Run.of(root, environment(),
                as(ANA, ANA, "077", List.of("sh", "-c", "printf %s '" + absent + "' > " + request))).status());
        Wait.until(LONG, "it waits", () -> !Files.exists(request));
        assertTrue(ours(BOB, BOB, "requests").out().startsWith("deferred"));
        // The first may find it uncached: rez then says that it cannot copy, and deletes a request that the daemon has read.
        Wait.until(LONG, "it is cached", () -> {
            try {
                return isInCache(rootIn(syncContext(BOB, "foo")));
            } catch (IOException | InterruptedException e) {
                throw e;
            } catch (Exception e) {
                throw new IOException(e);
            }
        });
        assertTrue(isInCache(rootIn(syncContext(ANA, "foo"))));
    }

    @Test
    void userInSyncMode_waitsForWhatAnotherHasCopied() throws Exception {
        install("slow", 10);
        startDaemon("copy_bytes_per_second = 1 MB");
        assertEquals(repository + "/slow/1.0", rootIn(context(ANA, "slow")));
        Wait.until(LONG, "it is copied", () -> printed().contains("Started caching of variant " + uri("slow")));
        Run sync = syncContext(BOB, "slow");
        assertTrue(isInCache(rootIn(sync)), sync::toString);
    }

    @Test
    void ourCommands_workForEveryUser_andChangeTheCacheForAdmins() throws Exception {
        install("foo", 2);
        startDaemon();
        Run declined = ours(BOB, BOB, "-a", uri("foo"));
        assertEquals(List.of(1, "", 1L), List.of(declined.status(), declined.out(), declined.err().lines().count()),
                declined::toString);
        assertTrue(declined.err().contains("members of group " + ADMINS), declined::toString);
        Path context = root.resolve("tmp/foo.rxt");
        assertEquals(0, rez(ANA, "rez-env", "foo", "--no-pkg-cache", "-o", context.toString()).status());
        mode(context, "rw-r--r--");
        Run enqueued = ours(BOB, BOB, "enqueue", uri("foo"));
        assertEquals(0, enqueued.status(), enqueued::toString);
        assertEquals(0, ours(BOB, BOB, "wait", "--timeout", "30s", uri("foo")).status());
        String found = rootIn(ours(BOB, BOB, "root", uri("foo")));
        assertTrue(isInCache(found), found);
        assertEquals("", ours(BOB, BOB, "root", uri("foo")).err());
        assertFalse(ours(BOB, BOB, "--clean").status() == 0);
        Run kept = ours(BOB, BOB, "-r", uri("foo"));
        assertEquals(1, kept.status(), kept::toString);
        assertTrue(kept.err().contains("the daemon refuses: user " + BOB), kept::toString);
        Run removed = ours(BOB, ADMINS, "-r", uri("foo"));
        assertEquals(0, removed.status(), removed::toString);
        assertFalse(Files.exists(Path.of(found)));
        Run added = ours(BOB, ADMINS, "-a", uri("foo"));
        assertEquals(0, added.status(), added::toString);
        assertEquals(0, ours(BOB, ADMINS, "--clean").status());
        assertEquals(0, ours(BOB, BOB, "status").status());
    }

    @Test
    void whatOneUserHasSolved_anotherHasPrefetchedThroughTheDaemon() throws Exception {
        install("foo", 2);
        install("secret", 2);
        mode(repository.resolve("secret/1.0/lib/file0"), "rw-------");
        startDaemon();
        try (TestMemcached memcached = TestMemcached.start()) {
            Map<String, String> solving = environment();
            solving.put("REZ_MEMCACHED_URI", memcached.uri());
            for (String name : List.of("foo", "secret")) {
                assertEquals(0, rez(ANA, solving, "rez-env", name, "--no-pkg-cache", "--", "true").status());
            }
            List<String> enqueue = List.of(distribution.client().toString(), "enqueue", "--request", "foo", "--request",
                    "secret");
            Run enqueued = Run.of(root, solving, as(BOB, BOB, "077", enqueue));
            String line = ": hit: 1 variant, requested 1, already requested 0, already in the cache 0\n";
            assertEquals(new Run(0, "foo" + line + "secret" + line, ""), enqueued);
            assertEquals(0, ours(BOB, BOB, "wait", "--timeout", "30s", uri("foo")).status());
            assertTrue(isInCache(rootIn(ours(ANA, ANA, "root", uri("foo")))));
            Wait.until(LONG, "the other is declined", () -> printed().contains("Not cached - not every user may"));
            Path prefetch = cache.resolve(".sys/rez-pkg-cached/prefetch");
            try (var left = Files.list(prefetch)) {
                assertEquals(List.of(), left.toList());
            }
            Run denied = Run.of(root, environment(),
                    as(BOB, BOB, "022", List.of("sh", "-c", "echo x > " + prefetch + "/x")));
            assertFalse(denied.status() == 0);
            stop();
            for (int user : List.of(0, BOB)) {
                Run alone = Run.of(root, solving, as(user, user, "077", List.of(distribution.client().toString(),
                        "enqueue", "--request", "secret")));
                assertEquals(1, alone.status(), alone::toString);
                assertTrue(alone.err().contains("goes through its daemon, which does not run"), alone::toString);
            }
        }
    }

    @Test
    void withoutADaemon_nobodyChangesTheCache_andNoneIsStarted() throws Exception {
        install("foo", 2);
        startDaemon();
        stop();
        assertEquals(new Run(0, "", ""), ours(BOB, BOB, "--daemon", cache.toString()));
        for (int user : List.of(0, BOB)) {
            for (List<String> words : List.of(List.of("-a", uri("foo")), List.of("--clean"))) {
                Run run = ours(user, user, words.toArray(String[]::new));
                assertEquals(1, run.status(), run::toString);
                assertTrue(run.err().contains("no daemon serves the shared cache"), run::toString);
            }
        }
        assertEquals(repository + "/foo/1.0", rootIn(context(BOB, "foo")));
        try (var children = Files.list(cache)) {
            assertEquals(List.of(cache.resolve(".sys")), children.toList());
        }
        startDaemon(); // the request of that context waited, if rez's own daemon had left it
        assertEquals(0, ours(BOB, BOB, "enqueue", uri("foo")).status());
        assertEquals(0, ours(BOB, BOB, "wait", "--timeout", "30s", uri("foo")).status());
    }
}
