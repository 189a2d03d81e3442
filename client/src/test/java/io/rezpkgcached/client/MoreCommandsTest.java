package io.rezpkgcached.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.json.Json;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.CacheWalk;
import io.rezpkgcached.cache.layout.Entry;
import io.rezpkgcached.cache.layout.IndexFile;
import io.rezpkgcached.cache.layout.OurFolder;
import io.rezpkgcached.cache.layout.StateFile;
import io.rezpkgcached.cache.posix.Flock;
import io.rezpkgcached.cache.spool.OwnedRequest;
import io.rezpkgcached.cache.spool.RefusedRequests;
import io.rezpkgcached.cache.spool.RequestNote;
import io.rezpkgcached.cache.spool.RequestNotes;
import io.rezpkgcached.cache.testing.Child;
import io.rezpkgcached.cache.testing.Unprivileged;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.Writer;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.file.PathUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands that rez does not have, each as a process of its own, without a daemon. */
final class MoreCommandsTest {
    @TempDir
    private Path folder;
    private Path repository;
    private CacheLayout layout;
    private Handle foo;
    private Handle bar;
    private Path context;
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void makeCacheAndRepository() throws Exception {
        folder = folder.toRealPath();
        repository = Files.createDirectory(folder.resolve("it's a $repository"));
        layout = CacheLayout.of(Files.createDirectory(folder.resolve("cache")));
        OurFolder.prepare(layout);
        environment.putAll(Map.of("PATH", "/usr/bin:/bin", "HOME", folder.toString(), "REZ_CONFIG_FILE", "",
                "REZ_DISABLE_HOME_CONFIG", "1", "REZ_CACHE_PACKAGES_PATH", layout.root().toString(), "REZ_TMPDIR",
                "/nowhere", "REZ_PACKAGES_PATH", repository.toString(), "REZ_LOCAL_PACKAGES_PATH", "/nowhere"));
        foo = install("foo.tools");
        bar = install("bar");
        context = context(Map.of());
    }

    private Handle install(String name) throws IOException {
        Path directory = Files.createDirectories(repository.resolve(name).resolve("1.0"));
        Files.writeString(directory.resolve("package.py"), "name = '" + name + "'\nversion = '1.0'\n");
        return Handle.of(repository.toString(), name, Optional.of("1.0"), OptionalInt.empty());
    }

    private Path context(Map<String, Object> more) throws IOException {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("resolved_packages", List.of(foo.toTree(), bar.toTree()));
        object.putAll(more);
        return Files.writeString(folder.resolve("context.rxt"), Json.write(object));
    }

    private Entry cache(Handle handle) throws IOException {
        Entry entry = new Entry(Files.createDirectories(layout.hashDirectory(handle)), "a");
        Files.createDirectory(entry.payload());
        Files.writeString(entry.index(), IndexFile.text(handle, List.of()));
        Files.setLastModifiedTime(entry.index(), FileTime.from(Instant.EPOCH));
        return entry;
    }

    private void request(Handle handle) throws IOException {
        Files.writeString(layout.pending().resolve(handle.qualifiedName() + "-" + "0".repeat(32) + ".json"),
                handle.toJson());
    }

    private static String uri(Handle handle) {
        return handle.location() + "/" + handle.name() + "/1.0/package.py[]";
    }

    private static String root(Handle handle) {
        return handle.location() + "/" + handle.name() + "/1.0";
    }

    private Child.Ended run(String... words) throws Exception {
        return Child.run(Child.java(Main.class, words), environment, new byte[0]);
    }

    private int pending() throws IOException {
        return CacheWalk.children(layout.pending()).size();
    }

    @Test
    void enqueue_whatForbidsIt_isSaidAndHeeded() throws Exception {
        String counts = "requested 2, already requested 0, already in the cache 0\n";
        assertEquals(new Child.Ended(0, "", "nothing requested: --no-pkg-cache is given\n"),
                run("enqueue", "--no-pkg-cache", context.toString()));
        environment.put("REZ_WRITE_PACKAGE_CACHE", "0");
        assertEquals(new Child.Ended(0, "", "nothing requested: write_package_cache is off\n"),
                run("enqueue", context.toString()));
        environment.remove("REZ_WRITE_PACKAGE_CACHE");
        context(Map.of("package_caching", false));
        assertEquals(new Child.Ended(0, "", "nothing requested: " + context + ": its package_caching is off\n"),
                run("enqueue", context.toString()));
        Map<String, Object> none = new HashMap<>();
        none.put("package_caching", null);
        context(none);
        assertEquals(new Child.Ended(0, "", "nothing requested: " + context + ": its package_caching is off\n"),
                run("enqueue", context.toString()));
        context(Map.of("building", true));
        assertEquals(new Child.Ended(0, "",
                "nothing requested: " + context + ": it is a build's, and package_cache_during_build is off\n"),
                run("enqueue", context.toString()));
        assertEquals(0, pending());
        environment.put("REZ_PACKAGE_CACHE_DURING_BUILD", "1");
        assertEquals(new Child.Ended(0, "", counts), run("enqueue", context.toString()));
        assertEquals(2, pending());
    }

    @Test
    void enqueue_currentEnvironment_asJson() throws Exception {
        assertEquals(new Child.Ended(1, "",
                "rez-pkg-cache: this shell is in no rez environment: REZ_RXT_FILE is not set\n"),
                run("enqueue", "--env"));
        environment.put("REZ_RXT_FILE", context.toString());
        assertEquals(
                new Child.Ended(0,
                        "{\"requested\": 2, \"already_requested\": 0, \"in_cache\": 0, \"reasons\": []}\n", ""),
                run("enqueue", "--env", "--json"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"|is not a context: ", "hello|is not a context: ",
            "[]|is not a context of a solved environment: it has no resolved_packages",
            "{\"status\": \"failed\"}|is not a context of a solved environment: it has no resolved_packages",
            "{\"resolved_packages\": [{\"key\": 1}]}|, package 1: ",
            "{\"resolved_packages\": [], \"status\": \"failed\"}|is not a context of a solved environment: its status is failed"})
    void context_thatIsNone_isOneLine(String content, String message) throws Exception {
        Files.writeString(context, content == null ? "" : content);
        for (String command : List.of("enqueue", "wait", "env", "status")) {
            Child.Ended ended = command.equals("enqueue") || command.equals("wait")
                    ? run(command, context.toString())
                    : run(command, "--context", context.toString());
            assertEquals(1, ended.exitCode(), ended::toString);
            assertEquals(1, ended.err().lines().count(), ended::toString);
            assertTrue(ended.err().startsWith("rez-pkg-cache: " + context) && ended.err().contains(message),
                    ended::toString);
        }
    }

    @Test
    void context_of200Megabytes_isRefusedAtOnce() throws Exception {
        try (var file = new RandomAccessFile(context.toFile(), "rw")) {
            file.setLength(200_000_000);
        }
        assertEquals(new Child.Ended(1, "", "rez-pkg-cache: " + context + " is not a context: it has 200 MB\n"),
                run("enqueue", context.toString()));
        assertEquals(new Child.Ended(1, "", "rez-pkg-cache: " + folder + " is not a context: it is a folder\n"),
                run("enqueue", folder.toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1,", "{},", "[[]],", "\"\u0100\","})
    void context_largeAndStrange_takesLittleMemory(String repeated) throws Exception {
        for (String field : List.of("a", "resolved_packages")) {
            try (Writer out = Files.newBufferedWriter(context)) {
                out.write("{\"" + field + "\": [");
                for (int i = 0; i < 60_000_000 / repeated.length(); i += 1000) {
                    out.write(repeated.repeat(1000));
                }
                out.write("1]}");
            }
            Child.Ended ended = run("enqueue", context.toString()); // with 128 MB
            assertEquals(1, ended.exitCode(), ended::toString);
            assertEquals(1, ended.err().lines().count(), ended::toString);
            assertTrue(ended.err().startsWith("rez-pkg-cache: " + context + " is not a context"), ended::toString);
        }
    }

    @Test
    void context_withLargeGraph_isRead() throws Exception {
        try (Writer out = Files.newBufferedWriter(context)) {
            out.write("{\"graph\": \"");
            for (int i = 0; i < 60; i++) {
                out.write("x".repeat(1_000_000));
            }
            out.write("\", \"resolved_packages\": [" + Json.write(foo.toTree()) + "]}");
        }
        assertEquals(new Child.Ended(0, "", "requested 1, already requested 0, already in the cache 0\n"),
                run("enqueue", context.toString()));
    }

    @Test
    void context_withVariantsThatAreInNoFolder_goesOnWithout() throws Exception {
        context(Map.of("resolved_packages", List.of(foo.toTree(), Map.of("key", "memory.variant", "variables", Map.of(
                "repository_type", "memory", "location", "123", "name", "m", "version", "2"))),
                "resolved_ephemerals", List.of(".b-1", ".a==2")));
        String reason = "it is in a repository of type memory, of which nothing is cached";
        assertEquals(new Child.Ended(0, "", "not requested: m-2: " + reason
                + "\nrequested 1, already requested 0, already in the cache 0\n"), run("enqueue", context.toString()));
        cache(foo);
        assertEquals(new Child.Ended(1, "", "not cached: m-2: " + reason + "\n"), run("wait", context.toString()));
        Child.Ended env = run("env", "--context", context.toString());
        assertEquals(0, env.exitCode(), env::toString);
        assertTrue(env.out().contains("REZ_FOO_TOOLS_ROOT") && !env.out().contains("REZ_M_ROOT"), env::toString);
        assertTrue(env.err().contains("no variables for m-2"), env::toString);
        List<String> status = run("status", "--context", context.toString()).out().lines()
                .map(line -> line.replaceAll("  +", "|")).toList();
        assertEquals(List.of("resolved packages:", "m-2|-|(memory)"), status.subList(0, 2));
        assertTrue(status.get(2).endsWith("|(cached)"), status::toString);
        assertEquals(List.of(".a==2|(ephemeral)", ".b-1|(ephemeral)"), status.subList(3, 5));
    }

    @Test
    void context_ofABundle_hasItsOwnPackages() throws Exception {
        Path bundle = Files.createDirectory(folder.resolve("bundle"));
        Files.createSymbolicLink(bundle.resolve("packages"), repository);
        Map<String, Object> relative = foo.toTree();
        Map<String, Object> variables = new LinkedHashMap<>(Map.of("repository_type", "filesystem", "location",
                "packages", "name", foo.name(), "version", "1.0"));
        variables.put("index", null);
        relative.put("variables", variables);
        context(Map.of("resolved_packages", List.of(relative, bar.toTree())));
        Path bundled = Files.move(context, bundle.resolve("context.rxt"));
        assertEquals(1, run("enqueue", bundled.toString()).exitCode(), "no bundle.yaml");
        Files.createFile(bundle.resolve("bundle.yaml"));
        assertEquals(new Child.Ended(0, "", "requested 2, already requested 0, already in the cache 0\n"),
                run("enqueue", bundled.toString()));
        List<String> requests = new ArrayList<>();
        for (Path request : CacheWalk.children(layout.pending())) {
            requests.add(Handle.parse(Json.read(Files.readAllBytes(request))).location());
        }
        assertEquals(List.of(repository.toString(), repository.toString()), requests);
    }

    @Test
    void root_cachedOrNot_isWhereItIsRunFrom() throws Exception {
        Entry entry = cache(foo);
        assertEquals(new Child.Ended(0, entry.payload() + "\n" + root(bar) + "\n", ""),
                run("root", uri(foo), uri(bar)));
        assertTrue(Files.getLastModifiedTime(entry.index()).toInstant().isAfter(Instant.EPOCH), "it counts as use");
        Object first = ((List<?>) Json.read(run("root", "--json", uri(bar)).out().strip()
                .getBytes(StandardCharsets.UTF_8))).getFirst();
        assertEquals(Map.of("uri", uri(bar), "root", root(bar), "cached", false), first);
        environment.put("REZ_READ_PACKAGE_CACHE", "0");
        assertEquals(root(foo) + "\n", run("root", uri(foo)).out());
        for (String bad : List.of(repository + "/foo.tools/9/package.py[]", repository + "/foo.tools/1.0/package.py[x]",
                repository + "/nope/1.0/package.py[0]", "foo", uri(foo).replace("[]", "[3]"))) {
            Child.Ended ended = run("root", bad);
            assertEquals(1, ended.exitCode(), bad);
            assertTrue(ended.err().startsWith("rez-pkg-cache: No such variant: " + bad), ended::toString);
            assertEquals(1, ended.err().lines().count());
        }
    }

    @Test
    void env_readByAShell_setsWhatRezSets() throws Exception {
        Entry entry = cache(foo);
        Child.Ended ended = run("env", "--context", context.toString());
        assertEquals(0, ended.exitCode(), ended.err());
        for (String shell : List.of("dash", "bash")) {
            Child.Ended shown = Child.run(List.of(shell, "-c", ended.out()
                    + "printf '%s\\n' \"$REZ_FOO_TOOLS_ROOT\" \"$REZ_FOO_TOOLS_ORIG_ROOT\" \"$REZ_BAR_ROOT\""
                    + " \"${REZ_BAR_ORIG_ROOT-unset}\""), environment, new byte[0]);
            assertEquals(new Child.Ended(0, entry.payload() + "\n" + root(foo) + "\n" + root(bar) + "\nunset\n", ""),
                    shown);
        }
        assertTrue(Files.getLastModifiedTime(entry.index()).toInstant().isAfter(Instant.EPOCH), "it counts as use");
        assertEquals("setenv REZ_BAR_ROOT '" + root(bar).replace("'", "'\\''") + "';",
                run("env", "--context", context.toString(), "--shell", "csh").out().lines().toList().getLast());
        assertEquals(Map.of("REZ_FOO_TOOLS_ROOT", entry.payload().toString(), "REZ_FOO_TOOLS_ORIG_ROOT", root(foo),
                "REZ_BAR_ROOT", root(bar)),
                Json.read(run("env", "--context", context.toString(), "--json").out().strip()
                        .getBytes(StandardCharsets.UTF_8)));
        context(Map.of("package_caching", false));
        assertTrue(!run("env", "--context", context.toString()).out().contains("ORIG_ROOT"));
    }

    @Test
    void env_nameThatIsACommand_isRefused() throws Exception {
        foo = Handle.of(repository.toString(), "foo;touch x", Optional.of("1.0"), OptionalInt.empty());
        context(Map.of());
        Child.Ended ended = run("env", "--context", context.toString());
        assertEquals(1, ended.exitCode(), ended::toString);
        assertEquals("", ended.out());
        assertEquals(1, ended.err().lines().count(), ended::toString);
    }

    @Test
    void status_ofAContext_marksWhatIsCached() throws Exception {
        Entry entry = cache(foo);
        Files.delete(repository.resolve("bar/1.0/package.py"));
        Files.delete(repository.resolve("bar/1.0"));
        assertEquals(new Child.Ended(0, "resolved packages:\nbar-1.0        -"
                + " ".repeat(entry.payload().toString().length() - 1) + "  (NOT FOUND)\nfoo.tools-1.0  "
                + entry.payload() + "  (cached)\n", ""), run("status", "--context", context.toString()));
        assertEquals(Instant.EPOCH, Files.getLastModifiedTime(entry.index()).toInstant(), "to look is no use");
    }

    @Test
    void status_withoutDaemon_saysSo() throws Exception {
        Child.Ended ended = run("status");
        assertEquals(1, ended.exitCode());
        assertEquals("no daemon serves " + layout + "\n", ended.err());
        assertTrue(ended.out().matches("(?s).*\nwaiting: +0\nprefetch: +0\n"), ended.out());
    }

    @Test
    void status_ofADaemonThatCannotBeAsked_saysWhy() throws Exception {
        Path socket = folder.resolve("s");
        StateFile.write(layout.daemonFile(), Map.of("pid", 7L, "socket", socket.toString()));
        assertEquals("no daemon serves " + layout + "\n", run("status").err(), "its file alone is none");
        try (Flock _ = Flock.tryLock(layout.daemonLock(), 0644).orElseThrow()) {
            String gone = "the daemon cannot be reached: no such file or directory: " + socket;
            Child.Ended unreachable = run("status");
            assertEquals(1, unreachable.exitCode());
            assertEquals("a daemon serves " + layout + ", but " + gone + "\n", unreachable.err());
            assertEquals(
                    Map.of("cache", layout.toString(), "pid", 7L, "unreachable", gone, "waiting", 0L, "prefetch", 0L),
                    Json.read(run("status", "--json").out().strip().getBytes(StandardCharsets.UTF_8)));
            try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                server.bind(UnixDomainSocketAddress.of(socket));
                assertEquals("a daemon serves " + layout + ", but the daemon has not answered for 6 s\n",
                        run("status").err());
                Child.Ended check = run("status", "--check");
                assertEquals(2, check.exitCode(), check::toString);
                assertTrue(check.out().contains("the daemon has not answered for 6 s"), check.out());
            }
        }
    }

    @Test
    void status_check_saysInOneLineHowTheCacheFares() throws Exception {
        Child.Ended down = run("status", "--check");
        assertEquals(2, down.exitCode(), down::toString);
        assertTrue(down.out().startsWith("REZ-PKG-CACHE CRITICAL - no daemon serves " + layout), down.out());
        assertEquals(1, down.out().lines().count());
        Child.Ended idle = run("status", "--check", "--on-demand", "--free", "0,0");
        assertEquals(0, idle.exitCode(), idle::toString);
        request(foo);
        Path file = CacheWalk.children(layout.pending()).getFirst();
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(700)));
        Child.Ended old = run("status", "--check", "--on-demand");
        assertEquals(2, old.exitCode(), old::toString);
        assertTrue(old.out().contains("the oldest request has waited for 70"), old.out());
        Child.Ended unknown = run("status", "--check", "--age", "soon");
        assertEquals(3, unknown.exitCode(), unknown::toString);
        assertTrue(unknown.out().startsWith("REZ-PKG-CACHE UNKNOWN - argument --age: "), unknown.out());
        Child.Ended missing = run("status", "--check", "--cache", "/nowhere/at/all");
        assertEquals(2, missing.exitCode(), missing::toString);
        assertEquals("REZ-PKG-CACHE CRITICAL - the cache /nowhere/at/all is missing\n", missing.out());
    }

    @Test
    void status_check_countsWhatWaitsApartFromTheSpoolOfASharedCache() throws Exception {
        Path apart = Files.createDirectory(layout.waiting()).resolve("7-" + "0".repeat(32) + ".json");
        Files.writeString(apart, foo.toJson());
        Files.setLastModifiedTime(apart, FileTime.from(Instant.now().minusSeconds(700)));
        request(bar);
        Child.Ended check = run("status", "--check", "--free", "0,0");
        assertEquals(2, check.exitCode(), check::toString); // on account of the daemon; the age is a warning
        assertTrue(
                check.out().matches("(?s).*no daemon serves .*, the oldest request has waited for 70[0-9] s; 2 waiting"
                        + " \\| age=70[0-9]s;600;3600 waiting=2 .*"),
                check.out());
    }

    @Test
    void wait_howItEnds_isItsStatus() throws Exception {
        cache(foo);
        cache(bar);
        assertEquals(new Child.Ended(0, "", ""), run("wait", context.toString()));
        Handle baz = install("baz");
        Handle qux = install("qux");
        new RequestNotes(layout.failed()).put(new RequestNote(baz, 4, "disk on fire", Instant.now()));
        new RefusedRequests(layout, InstantSource.system()).refuse(layout.pending().resolve("x.json"), qux.toJson(), 0,
                "not in repositories");
        Child.Ended never = run("wait", uri(foo), uri(baz), uri(qux));
        assertEquals(new Child.Ended(1, "", "not cached: " + uri(baz) + ": failed: disk on fire\nnot cached: "
                + uri(qux) + ": refused: not in repositories\n"), never);
        Handle unasked = install("unasked");
        Child.Ended ended = run("wait", uri(unasked));
        assertEquals(1, ended.exitCode());
        assertTrue(ended.err().startsWith("not cached: " + uri(unasked) + ": neither cached nor requested"),
                ended.err());
        request(unasked);
        Child.Ended late = run("wait", "--timeout", "0.3s", "--json", uri(unasked));
        assertEquals(124, late.exitCode());
        assertEquals("{" + Json.write(uri(unasked)) + ": \"pending\"}\n", late.out());
        assertEquals("rez-pkg-cache wait: error: argument --timeout: not a time such as 30, 30s, 5m or 1h: 'soon'",
                run("wait", "--timeout", "soon", uri(foo)).err().lines().toList().getLast());
    }

    /** As a killed daemon leaves it. */
    @Test
    void wait_withTheFileOfADaemonThatHasGone_warns() throws Exception {
        request(bar);
        StateFile.write(layout.daemonFile(), Map.of("pid", 1L, "socket", folder.resolve("s").toString()));
        Files.createFile(layout.daemonLock());
        Child.Ended ended = run("wait", "--timeout", "3", uri(bar));
        assertEquals(124, ended.exitCode());
        assertTrue(ended.err().contains("WARNING  no daemon serves " + layout + ": rez-pkg-cache --daemon starts one"),
                ended.err());
    }

    /** One who listens and says nothing, as a stopped process does. */
    @Test
    void wait_withADaemonThatDoesNotAnswer_warns() throws Exception {
        request(bar);
        Path socket = folder.resolve("s");
        StateFile.write(layout.daemonFile(), Map.of("pid", 7L, "socket", socket.toString()));
        try (Flock _ = Flock.tryLock(layout.daemonLock(), 0644).orElseThrow();
                ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Child.Ended ended = run("wait", "--timeout", "9", uri(bar));
            assertEquals(124, ended.exitCode());
            assertTrue(ended.err().contains("WARNING  the daemon (pid 7) of " + layout
                    + " has not answered for 6 s: it is stopped, or hangs"), ended.err());
        }
    }

    @Test
    void wait_interrupted_endsWith130() throws Exception {
        request(bar);
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
        command.addAll(Child.java(Main.class, "wait", uri(bar)));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        // it warns after a while that nobody serves the cache
        assertTrue(process.inputReader().readLine().contains("no daemon serves"));
        assertEquals(0, new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor());
        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        assertEquals(130, process.exitValue());
    }

    @Test
    void requests_listedRetriedAndDiscarded() throws Exception {
        assertEquals(new Child.Ended(0, "", "No requests.\n"), run("requests"));
        request(foo);
        new RequestNotes(layout.deferred()).put(new RequestNote(foo, 1, "no space", Instant.EPOCH));
        new RequestNotes(layout.failed()).put(new RequestNote(bar, 4, "disk on fire", Instant.EPOCH));
        new RefusedRequests(layout, InstantSource.system()).refuse(layout.pending().resolve("x.json"), "hello", 7,
                "is no JSON");
        long user = (int) Files.getAttribute(layout.pending(), "unix:uid");
        long days = Duration.between(Instant.EPOCH, Instant.now()).toDays();
        String listed = "deferred " + user + " " + uri(foo) + " no space; 1 try; the next is due\nfailed - " + uri(bar)
                + " disk on fire; 4 tries\nrefused 7 x.json is no JSON\n";
        for (Child.Ended list : List.of(run("requests"), run("requests", "list"))) {
            assertEquals(new Child.Ended(0, listed, ""), new Child.Ended(list.exitCode(),
                    list.out().replaceAll("(?m)^(\\w+) +\\d+[smhd]", "$1").replaceAll("  +", " "), list.err()));
            assertTrue(list.out().contains("failed    " + days + "d "), list.out());
        }
        Object first = ((List<?>) Json.read(run("requests", "--json").out().strip().getBytes(StandardCharsets.UTF_8)))
                .getFirst();
        assertEquals("1970-01-01T00:00:00Z", ((Map<?, ?>) first).get("next_try"));
        assertEquals(new Child.Ended(0, "", "requested again: 1\n"), run("requests", "retry", uri(bar)));
        assertEquals(2, pending());
        assertEquals(new Child.Ended(0, "", "discarded: 1\n"), run("requests", "discard", uri(foo)));
        assertEquals(1, pending());
        assertEquals(new Child.Ended(0, "", "discarded: 2\n"), run("requests", "discard", "all"));
        assertEquals(new Child.Ended(0, "", "No requests.\n"), run("requests"));
        assertEquals(2, run("requests", "dance").exitCode());
        assertEquals(2, run("requests", "retry").exitCode());
    }

    @Test
    void requests_pendingAgainAfterAFailure_areOneRowWithTheReason() throws Exception {
        request(foo);
        request(bar);
        Path file = layout.pending().resolve("foo.tools-1.0-" + "0".repeat(32) + ".json");
        int user = (int) Files.getAttribute(file, "unix:uid");
        new RequestNotes(layout.failed()).put(new RequestNote(foo, 4, "disk on fire", Instant.EPOCH));
        RefusedRequests refused = new RefusedRequests(layout, InstantSource.system());
        Path gone = layout.pending().resolve("gone.json");
        refused.refuse(gone, bar.toJson(), user + 1, "not for others");
        assertEquals(List.of("pending " + uri(bar), "pending " + uri(foo) + " failed before: disk on fire; 4 tries",
                "refused " + uri(bar) + " not for others"), rows());
        // What the same user is refused is asked for again; what was given up later than it was asked for has failed.
        refused.refuse(gone, bar.toJson(), user, "it is closed");
        Files.setLastModifiedTime(layout.pending().resolve("bar-1.0-" + "0".repeat(32) + ".json"),
                FileTime.from(Instant.now().plusSeconds(60)));
        Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH.minusSeconds(1)));
        assertEquals(List.of("failed " + uri(foo) + " disk on fire; 4 tries",
                "pending " + uri(bar) + " refused before: it is closed"), rows());
        // What waits for its next try has a reason of its own.
        new RequestNotes(layout.deferred()).put(new RequestNote(foo, 1, "no space", Instant.EPOCH));
        new RequestNotes(layout.failed()).put(new RequestNote(foo, 4, "disk on fire", Instant.EPOCH.minusSeconds(9)));
        assertEquals("deferred " + uri(foo) + " no space; 1 try; the next is due", rows().getFirst());
        assertEquals(new Child.Ended(0, "", "requested again: 1\n"), run("requests", "retry", uri(foo)));
        new RequestNotes(layout.failed()).put(new RequestNote(foo, 4, "disk on fire", Instant.EPOCH));
        assertEquals(new Child.Ended(0, "", "discarded: 1\n"), run("requests", "discard", uri(foo)));
        assertEquals(List.of("pending " + uri(bar) + " refused before: it is closed"), rows());
    }

    /** State, variant and reason of what is listed, sorted. */
    private List<String> rows() throws Exception {
        return run("requests").out().lines()
                .map(line -> line.replaceAll("^(\\w+) +\\S+ +\\S+ +", "$1 ").replaceAll("  +", " ")).sorted().toList();
    }

    @Test
    void requests_twiceForOneVariant_areOneRowAndTheMoreUrgent() throws Exception {
        request(foo);
        Path file = layout.pending().resolve("foo.tools-1.0-" + "0".repeat(32) + ".json");
        Files.copy(file, layout.pending().resolve("foo.tools-1.0-" + "1".repeat(32) + ".json"));
        OwnedRequest.write(layout, layout.prefetch(), foo, (int) Files.getAttribute(file, "unix:uid"));
        OwnedRequest.write(layout, layout.prefetch(), bar, (int) Files.getAttribute(file, "unix:uid"));
        assertEquals(List.of("pending " + uri(foo), "prefetch " + uri(bar)), rows());
        assertEquals(new Child.Ended(0, "", "discarded: 2\n"), run("requests", "discard", "all"));
        assertEquals(List.of(), CacheWalk.children(layout.pending()));
        assertEquals(List.of(), CacheWalk.children(layout.prefetch()));
    }

    @Test
    void requests_ofAPackageThatHasGone_areNamedAsListed() throws Exception {
        request(foo);
        new RequestNotes(layout.failed()).put(new RequestNote(bar, 4, "gone", Instant.EPOCH));
        List<String> uris = List.of(uri(foo), uri(bar));
        PathUtils.deleteDirectory(repository);
        assertEquals(1, run("requests", "discard", uri(foo), uri(foo).replace("[]", "[7]")).exitCode());
        assertEquals(1, pending(), "all are looked for before one is discarded");
        assertEquals(new Child.Ended(0, "", "discarded: 2\n"),
                run("requests", "discard", uris.getFirst(), uris.getLast()));
        assertEquals(0, pending());
    }

    @Test
    void requests_ofAnotherUsersDaemon_thoseThatCanBeSeen() throws Exception {
        request(foo);
        new RequestNotes(layout.failed()).put(new RequestNote(bar, 4, "disk on fire", Instant.EPOCH));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<Path> closed = List.of(layout.failed(), layout.deferred(), layout.refused());
        for (Path directory : closed) {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("---------"));
        }
        Unprivileged.Outcome outcome = Unprivileged.run(Main.class, "requests", "--cache", layout.root().toString());
        for (Path directory : closed) {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        }
        assertEquals(0, outcome.exitCode(), outcome::toString);
        List<String> lines = outcome.output().lines().sorted().toList();
        assertEquals(2, lines.size(), lines::toString);
        assertTrue(lines.getFirst().startsWith("pending ") && lines.getFirst().endsWith(uri(foo)), lines::toString);
        assertEquals("what the daemon deferred, refused or gave up can be seen by its own user only",
                lines.getLast());
    }

    @Test
    void config_showsValuesAndOrigins() throws Exception {
        environment.put("REZ_PACKAGE_CACHE_LOG_DAYS", "3");
        assertEquals(new Child.Ended(0, "package_cache_log_days = 3    # $REZ_PACKAGE_CACHE_LOG_DAYS\n", ""),
                run("config", "package_cache_log_days"));
        assertTrue(run("config").out().lines().count() > 30);
        assertEquals(List.of(Map.of("name", "package_cache_log_days", "value", 3L, "origin",
                "$REZ_PACKAGE_CACHE_LOG_DAYS")),
                Json.read(run("config", "--json", "package_cache_log_days").out().strip()
                        .getBytes(StandardCharsets.UTF_8)));
        assertEquals(List.of(repository.toString()), ((Map<?, ?>) ((List<?>) Json.read(
                run("config", "--json", "packages_path").out().strip().getBytes(StandardCharsets.UTF_8))).getFirst())
                .get("value"));
        Child.Ended typo = run("config", "package_cache_log_day");
        assertEquals(2, typo.exitCode());
        assertTrue(typo.err().contains("no such setting: package_cache_log_day; did you mean package_cache_log_days?"),
                typo.err());
    }

    @Test
    void logs_followed_goOnAcrossMidnightAndDeletedFiles() throws Exception {
        Path yesterday = layout.log().resolve("2026-11-22.log");
        Files.writeString(yesterday, "one\ntwo\nthree\n");
        assertEquals(new Child.Ended(0, "two\nthree\n", ""), run("logs", "-n", "2"));
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
        command.addAll(Child.java(Main.class, "logs", "-n", "1", "-f"));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        var reader = process.inputReader();
        assertEquals("three", reader.readLine());
        Files.writeString(yesterday, "four\nfi", StandardOpenOption.APPEND);
        assertEquals("four", reader.readLine());
        Files.writeString(yesterday, "ve\n", StandardOpenOption.APPEND);
        assertEquals("five", reader.readLine());
        Files.writeString(layout.log().resolve("2026-11-23.log"), "six\n");
        assertEquals("six", reader.readLine());
        Files.delete(yesterday);
        Files.writeString(layout.log().resolve("2026-11-24.log"), "seven\n");
        assertEquals("seven", reader.readLine());
        assertEquals(0, new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor());
        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        assertEquals(130, process.exitValue());
        assertEquals(List.of(), reader.lines().toList());
    }

    @Test
    void logs_followedBySomebodyWhoHasHadEnough_end() throws Exception {
        Files.writeString(layout.log().resolve("2026-11-22.log"), "one\ntwo\n");
        List<String> command = new ArrayList<>(List.of("sh", "-c", "\"$@\" | head -n 1", "sh"));
        command.addAll(Child.java(Main.class, "logs", "-f", "-n", "99999999999999999999"));
        assertEquals(new Child.Ended(0, "one\n", ""), Child.run(command, environment, new byte[0]));
    }

    @Test
    void output_thatCannotBeWritten_isSaid() throws Exception {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "\"$@\" >/dev/full", "sh"));
        command.addAll(Child.java(Main.class, "config"));
        assertEquals(new Child.Ended(74, "",
                "rez-pkg-cache: stdout cannot be written to: it is closed, or its disk is full\n"),
                Child.run(command, environment, new byte[0]));
    }

    @Test
    void words_thatAreMissingOrMistyped_areNamed() throws Exception {
        for (String command : List.of("env", "status")) {
            assertEquals(new Child.Ended(1, "", "rez-pkg-cache: no such context file: its name is empty\n"),
                    run(command, "--context", ""));
        }
        assertEquals("rez-pkg-cache env: error: the following arguments are required: --context or --env",
                run("env").err().lines().toList().getLast());
        List<String> mistyped = run("requests", "retr", "all").err().lines().toList();
        assertEquals(List.of("rez-pkg-cache requests: error: argument list|retry|discard: invalid choice: 'retr'"
                + " (choose from 'list', 'retry', 'discard')", "rez-pkg-cache requests: did you mean retry?"),
                mistyped.subList(mistyped.size() - 2, mistyped.size()));
        assertEquals("rez-pkg-cache requests: error: list takes no URIs: it lists all requests",
                run("requests", "list", "x").err().lines().toList().getLast());
    }

    @Test
    void logs_largerThanTheMemory_arePrinted() throws Exception {
        Path log = layout.log().resolve("2026-11-22.log");
        String line = "x".repeat(99) + "\n";
        try (Writer out = Files.newBufferedWriter(log)) {
            for (int i = 0; i < 1500; i++) {
                out.write(line.repeat(1000));
            }
        }
        assertEquals(new Child.Ended(0, line.repeat(3), ""), run("logs", "-n", "3")); // with 128 MB
        List<String> command = new ArrayList<>(List.of("sh", "-c", "\"$@\" | cmp - \"$0\"", log.toString()));
        command.addAll(Child.java(Main.class, "logs"));
        assertEquals(new Child.Ended(0, "", ""), Child.run(command, environment, new byte[0]));
    }
}
