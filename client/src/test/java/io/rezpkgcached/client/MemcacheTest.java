package io.rezpkgcached.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.Vectors;
import io.rezpkgcached.cache.json.Json;
import io.rezpkgcached.cache.testing.Child;
import io.rezpkgcached.resolve.server.Answer;
import io.rezpkgcached.resolve.server.ServerAddress;
import io.rezpkgcached.resolve.server.ServerPool;
import io.rezpkgcached.resolve.testing.TestMemcached;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code rez-memcache} as a process of its own. */
final class MemcacheTest {
    private static final Instant OLD = Instant.ofEpochSecond(1_700_000_000);
    private static final String THERE = "127.0.0.1:21211";

    @TempDir
    private Path folder;
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void setUp() throws Exception {
        folder = folder.toRealPath();
        environment.putAll(Map.of("HOME", folder.toString(), "REZ_CONFIG_FILE", "", "REZ_DISABLE_HOME_CONFIG", "1",
                "REZ_PACKAGES_PATH", folder.resolve("packages").toString(), "REZ_MEMCACHED_URI", "",
                "REZ_IMPLICIT_PACKAGES", "", "REZ_PKG_CACHED_MEMCACHED_TIMEOUT", "10 s"));
    }

    private Child.Ended run(String... words) throws Exception {
        return Child.run(Child.java(MemcacheMain.class, words), environment, new byte[0]);
    }

    private static Child.Ended transcript(String name, String uri) throws Exception {
        Map<?, ?> transcripts = (Map<?, ?>) Json.read(Vectors.bytes("rez-memcache-transcripts.json"));
        Map<?, ?> one = (Map<?, ?>) transcripts.get(name);
        return new Child.Ended(((Long) one.get("returncode")).intValue(),
                ((String) one.get("stdout")).replace(THERE, uri), (String) one.get("stderr"));
    }

    /** What the server of the transcripts had. */
    private static Map<String, String> statistics() throws Exception {
        Map<String, String> values = new LinkedHashMap<>();
        for (MatchResult line : Pattern.compile("(?m)^ +(?:- )?([a-z_]+): '?([^'\\n]*)'?$")
                .matcher(transcript("stats", THERE).out()).results().toList()) {
            values.put(line.group(1), line.group(2));
        }
        assertEquals("16", values.get("uptime"));
        return values;
    }

    @Test
    void transcripts_sameServer_sameWords() throws Exception {
        try (StatisticsServer server = new StatisticsServer(statistics())) {
            environment.put("REZ_MEMCACHED_URI", server.uri());
            assertEquals(transcript("memcache", server.uri()), run());
            assertEquals(transcript("stats", server.uri()), run("--stats"));
            assertEquals(transcript("reset", server.uri()), run("--reset-stats"));
            assertEquals(transcript("flush", server.uri()), run("--flush"));
        }
    }

    @Test
    void transcripts_noServer_sameWords() throws Exception {
        assertEquals(transcript("off", THERE), run());
        environment.put("REZ_MEMCACHED_URI", "127.0.0.1:" + TestMemcached.freePort());
        assertEquals(transcript("down", THERE), run());
        assertEquals(transcript("down", THERE), run("--stats"));
    }

    @Test
    void help_hasEveryOptionOfRezs() throws Exception {
        Set<String> ours = options(run("--help").out());
        assertTrue(ours.containsAll(options(transcript("help", THERE).out())), ours.toString());
    }

    private static Set<String> options(String help) {
        return Pattern.compile("--[a-z-]+").matcher(help).results().map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void words_thatAreWrong_endAsRezs() throws Exception {
        Child.Ended ended = run("--interval", "x");
        assertEquals(2, ended.exitCode());
        assertTrue(ended.err().endsWith("rez memcache: error: argument --interval: invalid float value: 'x'\n"),
                ended.err());
        assertEquals(2, run("--resolves").exitCode());
        assertEquals(2, run("--no-such").exitCode());
    }

    @Test
    void table_twoServers_onlyThoseThatAnswer() throws Exception {
        try (TestMemcached server = TestMemcached.start()) {
            environment.put("REZ_MEMCACHED_URI", "127.0.0.1:" + TestMemcached.freePort() + "," + server.uri());
            List<String> lines = run().out().lines().toList();
            assertEquals(3, lines.size(), lines.toString());
            assertTrue(lines.get(2).startsWith(server.uri() + " "), lines.get(2));
        }
    }

    @Test
    void poll_aServer_aLineForEachInterval() throws Exception {
        try (TestMemcached server = TestMemcached.start()) {
            List<String> command = new ArrayList<>(List.of("env"));
            environment.put("REZ_MEMCACHED_URI", server.uri());
            environment.forEach((name, value) -> command.add(name + "=" + value));
            command.addAll(Child.java(MemcacheMain.class, "--poll", "--interval", "0.05"));
            try (Child child = Child.start(command)) {
                assertTrue(child.line().matches("SERVER +CONNS +GET/s +SET/s +TEST_GET +TEST_SET *"));
                for (int i = 0; i < 3; i++) {
                    String line = child.line();
                    assertTrue(line.matches(Pattern.quote(server.uri()) + " \\(1\\) +[0-9]+( +[0-9.e+-]+){4} *"), line);
                }
            }
        }
    }

    /** As rez writes them: the time, and what it does with which key. */
    @Test
    void debugMemcache_anyCommandThatAsks_printsKeysAsRezDoes() throws Exception {
        packages();
        try (TestMemcached server = TestMemcached.start()) {
            environment.put("REZ_MEMCACHED_URI", server.uri());
            environment.put("REZ_DEBUG_MEMCACHE", "yes");
            Child.Ended miss = run("lookup", "Flask");
            assertTrue(miss.err().matches("[0-9:]{8} DEBUG    MISS: 1\\.59:2::\\('resolve', \\('Flask',\\), .*\n"),
                    miss.err());
            assertTrue(miss.out().matches("(?s).*\nkey: [0-9a-f]{16}_1_59_2_resolve_Flask_filesystem_.*\n"),
                    miss.out());
            assertEquals("", run().err());
        }
    }

    @Test
    void table_serverAtUnixSocket_isNamedAsRezDoes() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path socket = folder.resolve("s");
        packages();
        try (TestMemcached server = TestMemcached.start("-s", socket.toString())) {
            environment.put("REZ_MEMCACHED_URI", "unix:" + socket);
            assertTrue(run().out().lines().toList().get(2).startsWith("unix:" + socket + "  "));
            assertTrue(run("doctor").out().endsWith("all is well\n"));
            assertTrue(run("lookup", "Flask").out().startsWith("miss: there is no entry\n"));
            assertEquals(new Child.Ended(0, "0 resolves are deleted, 0 other entries are kept.\n", ""),
                    run("--flush", "--resolves"));
            server.kill();
            assertEquals(1, run().exitCode());
        }
    }

    @Test
    void warm_withoutPython_isRefusedWithTheReason() throws Exception {
        environment.put("REZ_MEMCACHED_URI", "127.0.0.1:1");
        Child.Ended ended = run("--warm");
        assertEquals(1, ended.exitCode());
        assertTrue(ended.err().contains("set evaluator to its rez-python"), ended.err());
        Path python = folder.resolve("rez-python");
        Files.writeString(python, "#!/bin/sh\nshift 2\necho \"warms $*\"\n");
        Files.setPosixFilePermissions(python, PosixFilePermissions.fromString("rwxr-xr-x"));
        environment.put("REZ_PKG_CACHED_EVALUATOR", python.toString());
        assertEquals(new Child.Ended(0, "warms --warm -v\n", ""), run("--warm", "-v"));
        environment.remove("REZ_PKG_CACHED_EVALUATOR");
        environment.put("REZ_PKG_CACHED_REZ_PYTHON", python.toString());
        assertEquals(new Child.Ended(0, "warms --warm\n", ""), run("--warm"));
    }

    private Path packages() throws Exception {
        Path repository = folder.resolve("packages");
        for (String name : List.of("arch/x86_64", "platform/linux", "python/3.7.4", "MarkupSafe/1.1.1",
                "Jinja2/2.11.2", "Werkzeug/1.0.1", "click/7.1.2", "itsdangerous/1.1.0", "Flask/1.1.2")) {
            Path definition = Files.createDirectories(repository.resolve(name)).resolve("package.py");
            Files.writeString(definition, "");
            Files.setLastModifiedTime(definition, FileTime.from(OLD));
            Files.setLastModifiedTime(repository.resolve(name).getParent(), FileTime.from(OLD));
        }
        return repository;
    }

    /** The vector's context, as if it had been solved in our repository. */
    private Path context(Path repository) throws Exception {
        Path file = folder.resolve("context.rxt");
        Files.writeString(file, new String(Vectors.bytes("context.rxt"), StandardCharsets.UTF_8)
                .replace("/svr/packages", repository.toString()));
        return file;
    }

    @Test
    void lookup_whatWasStored_isAHitUntilSomethingChanges() throws Exception {
        Path repository = packages();
        String file = context(repository).toString();
        try (TestMemcached server = TestMemcached.start()) {
            environment.put("REZ_MEMCACHED_URI", server.uri());
            assertTrue(run("lookup", "Flask").out().startsWith("miss: there is no entry\n"));
            Child.Ended stored = run("store", file);
            assertEquals("", stored.err());
            String key = stored.out().strip().replaceFirst(".* ", "");
            assertEquals(new Child.Ended(0, file + ": stored under " + key + "\n", ""), stored);
            Child.Ended hit = run("lookup", "--json", "Flask");
            assertEquals(0, hit.exitCode());
            Map<?, ?> object = (Map<?, ?>) Json.read(hit.out().getBytes(StandardCharsets.UTF_8));
            assertEquals("hit", object.get("verdict"));
            assertEquals(key, object.get("key"));
            assertEquals(9, ((List<?>) object.get("variants")).size());
            assertEquals(0, run("lookup", "--paths", repository.toString(), "--timestamp", "1800000000", "Flask")
                    .exitCode());
            assertEquals(1, run("lookup", "--building", "Flask").exitCode());
            assertEquals(0, run("lookup", "--paths", ":~/packages", "Flask").exitCode());

            Files.setLastModifiedTime(repository.resolve("click"), FileTime.from(OLD.plusSeconds(1)));
            Child.Ended stale = run("lookup", "Flask");
            assertEquals(new Child.Ended(1, "stale: click has been released or removed since: its last release was"
                    + " 1700000000.0 and is 1700000001.0\nkey: " + key + "\nleft where it is\n", ""), stale);
            assertTrue(run("lookup", "--discard", "Flask").out().endsWith("\ndeleted\n"));
            assertTrue(run("lookup", "Flask").out().startsWith("miss: "));
        }
    }

    @Test
    void lookup_badWordsOrOff_sayIt() throws Exception {
        assertEquals(2, run("lookup").exitCode());
        assertEquals(2, run("lookup", "../x").exitCode());
        assertEquals(2, run("lookup", "--timestamp", "soon", "foo").exitCode());
        Child.Ended off = run("lookup", "foo");
        assertEquals(1, off.exitCode());
        assertTrue(off.out().startsWith("miss: the resolve cache is off: memcached_uri names no server\n"), off.out());
        environment.put("REZ_MEMCACHED_URI", "unix:");
        assertTrue(run("lookup", "foo").err().contains("names no socket: write unix:/path"));
    }

    @Test
    void store_whatRezWouldNotHaveStored_isRefused() throws Exception {
        Path repository = packages();
        String good = Files.readString(context(repository));
        try (TestMemcached server = TestMemcached.start()) {
            environment.put("REZ_MEMCACHED_URI", server.uri());
            Map<String, String> refused = new LinkedHashMap<>();
            refused.put(good.replace("\"status\": \"solved\"", "\"status\": \"failed\""), "it is not solved");
            refused.put(good.replace("\"caching\": true", "\"caching\": false"), "its caching is off");
            refused.put(
                    good.replace("\"package_filter\": []", "\"package_filter\": [{\"excludes\": [\"regex((a))\"]}]"),
                    "the rule regex((a)) of its package filter");
            refused.put(good.replace("\"package_orderers\": null", "\"package_orderers\": [{\"type\": \"ours\"}]"),
                    "a package orderer of type ours");
            refused.put(good.replaceFirst("\"created\": [0-9]+", "\"created\": 1600000000"),
                    "has been changed or released since");
            refused.put("{", "");
            for (Map.Entry<String, String> each : refused.entrySet()) {
                Path file = Files.writeString(folder.resolve("bad.rxt"), each.getKey());
                Child.Ended ended = run("store", file.toString());
                assertEquals(1, ended.exitCode());
                assertTrue(ended.err().startsWith(file + ": not stored: ") && ended.err().contains(each.getValue()),
                        ended.err());
            }
            assertEquals(0, run("store", context(repository).toString()).exitCode());
        }
        assertEquals(new Child.Ended(1, "", "memcaching is not enabled.\n"), runOff(context(repository)));
    }

    private Child.Ended runOff(Path context) throws Exception {
        environment.put("REZ_MEMCACHED_URI", "");
        return run("store", context.toString());
    }

    @Test
    void flushResolves_otherEntries_areKept() throws Exception {
        String file = context(packages()).toString();
        try (TestMemcached server = TestMemcached.start();
                ServerPool pool = new ServerPool(List.of(ServerAddress.parse(server.uri())), Duration.ofSeconds(10),
                        _ -> {})) {
            environment.put("REZ_MEMCACHED_URI", server.uri());
            byte[] other = "(V1.59:2::('listdir', '/x', 1, 2.0)\n(lt.".getBytes(StandardCharsets.UTF_8);
            byte[] liar = "(V1.59:2::('resolve', ())\n(lt.".getBytes(StandardCharsets.UTF_8);
            assertEquals(Optional.empty(), pool.set("other", other, 1, pool.patience()));
            assertEquals(Optional.empty(), pool.set("liar", liar, 1, pool.patience()));
            assertEquals(Optional.empty(), pool.set("text", liar, 0, pool.patience()));
            String plain = run("store", file).out().strip().replaceFirst(".* ", "");
            environment.put("REZ_DEBUG_MEMCACHE", "1");
            String readable = run("store", file).out().strip().replaceFirst(".* ", "");
            assertTrue(pool.get(plain, pool.patience()) instanceof Answer.Value
                    && pool.get(readable, pool.patience()) instanceof Answer.Value);
            assertEquals(new Child.Ended(0, "2 resolves are deleted, 3 other entries are kept.\n", ""),
                    run("--flush", "--resolves"));
            assertTrue(pool.get(plain, pool.patience()) instanceof Answer.Absent
                    && pool.get(readable, pool.patience()) instanceof Answer.Absent);
            assertTrue(pool.get("other", pool.patience()) instanceof Answer.Value
                    && pool.get("liar", pool.patience()) instanceof Answer.Value);
            assertEquals(0, run("--flush").exitCode());
            assertTrue(pool.get("other", pool.patience()) instanceof Answer.Absent);
        }
    }

    @Test
    void doctor_goodAndBadServers_saysWhatToDo() throws Exception {
        try (TestMemcached server = TestMemcached.start(); TestMemcached small = TestMemcached.start("-I", "512k")) {
            environment.put("REZ_MEMCACHED_URI", server.uri());
            Child.Ended well = run("doctor");
            assertEquals(0, well.exitCode(), well.out());
            assertTrue(well.out().contains("set and get work\n") && well.out().endsWith("all is well\n"), well.out());
            String nowhere = "127.0.0.1:" + TestMemcached.freePort();
            environment.put("REZ_MEMCACHED_URI", small.uri() + "," + nowhere);
            Child.Ended ill = run("doctor");
            assertEquals(1, ill.exitCode());
            assertTrue(ill.out().contains("start it with -I 1m") && ill.out().contains("problem: it does not answer")
                    && ill.out().endsWith("2 problems\n"), ill.out());
        }
        environment.put("REZ_MEMCACHED_URI", "");
        assertEquals(new Child.Ended(1,
                "problem: memcached_uri names no server; set it to [\"host:11211\"]\n", ""), run("doctor"));
    }
}
