package io.rezpkgcached.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.Vectors;
import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.json.Json;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.CacheWalk;
import io.rezpkgcached.cache.testing.Child;
import io.rezpkgcached.resolve.testing.TestMemcached;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code rez-pkg-cache enqueue --request} as a process of its own. */
final class PrefetchingTest {
    private static final Instant OLD = Instant.ofEpochSecond(1_700_000_000);
    private static final List<String> PACKAGES = List.of("arch/x86_64", "platform/linux", "python/3.7.4",
            "MarkupSafe/1.1.1", "Jinja2/2.11.2", "Werkzeug/1.0.1", "click/7.1.2", "itsdangerous/1.1.0",
            "Flask/1.1.2");

    @TempDir
    private Path folder;
    private Path repository;
    private CacheLayout layout;
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void setUp() throws Exception {
        folder = folder.toRealPath();
        repository = folder.resolve("packages");
        for (String name : PACKAGES) {
            Path definition = Files.createDirectories(repository.resolve(name)).resolve("package.py");
            Files.writeString(definition, "");
            Files.setLastModifiedTime(definition, FileTime.from(OLD));
            Files.setLastModifiedTime(repository.resolve(name).getParent(), FileTime.from(OLD));
        }
        layout = CacheLayout.of(Files.createDirectory(folder.resolve("cache")));
        environment.putAll(Map.of("HOME", folder.toString(), "REZ_CONFIG_FILE", "", "REZ_DISABLE_HOME_CONFIG", "1",
                "REZ_PACKAGES_PATH", repository.toString(), "REZ_CACHE_PACKAGES_PATH", layout.toString(),
                "REZ_IMPLICIT_PACKAGES", "", "REZ_PKG_CACHED_MEMCACHED_TIMEOUT", "10 s"));
    }

    private Child.Ended run(String... words) throws Exception {
        return fed("", words);
    }

    private Child.Ended fed(String in, String... words) throws Exception {
        return Child.run(Child.java(Main.class, words), environment, in.getBytes(StandardCharsets.UTF_8));
    }

    /** Stores the vector's context, of Flask, as if it had been solved in our repository. */
    private void store(TestMemcached server) throws Exception {
        environment.put("REZ_MEMCACHED_URI", server.uri());
        Path file = Files.writeString(folder.resolve("context.rxt"),
                new String(Vectors.bytes("context.rxt"), StandardCharsets.UTF_8).replace("/svr/packages",
                        repository.toString()));
        Child.Ended stored = Child.run(Child.java(MemcacheMain.class, "store", file.toString()), environment,
                new byte[0]);
        assertEquals(0, stored.exitCode(), stored::toString);
    }

    private Set<String> prefetched() throws Exception {
        Set<String> names = new TreeSet<>();
        for (Path path : CacheWalk.children(layout.prefetch())) {
            names.add(Handle.parse(Json.read(Files.readAllBytes(path))).name());
        }
        return names;
    }

    private static String hit(int requested, int pending) {
        return "Flask: hit: 9 variants, requested " + requested + ", already requested " + pending
                + ", already in the cache 0\n";
    }

    @Test
    void request_resolveThatIsStored_itsVariantsAreRequestedOnce() throws Exception {
        try (TestMemcached server = TestMemcached.start()) {
            store(server);
            assertEquals(new Child.Ended(0, hit(9, 0), ""), run("enqueue", "--request", "Flask"));
            assertEquals(9, prefetched().size());
            assertEquals(List.of(), CacheWalk.children(layout.pending()), "rez does not see it");
            assertEquals(new Child.Ended(0, hit(0, 9), ""), run("enqueue", "--request", "Flask"));
            Child.Ended listed = run("requests");
            assertEquals(9, listed.out().lines().filter(line -> line.startsWith("prefetch ")).count(), listed.out());
            assertEquals(new Child.Ended(0, "", "discarded: 9\n"), run("requests", "discard", "all"));
            assertEquals(new Child.Ended(0, hit(9, 0), ""), run("enqueue", "--no-implicit", "--paths",
                    repository.toString(), "--timestamp", "1800000000", "--request=Flask"));
            assertEquals(9, prefetched().size());
        }
    }

    @Test
    void requests_someAreNotFound_theOthersAreRequestedAndEachIsTold() throws Exception {
        try (TestMemcached server = TestMemcached.start()) {
            store(server);
            Path file = Files.writeString(folder.resolve("tonight"),
                    "# for tonight\n\n  Flask  # of the vector\nclick Flask\n");
            assertEquals(new Child.Ended(1, hit(9, 0) + "click Flask: miss: there is no entry\n", ""),
                    run("enqueue", "--requests", file.toString()));
            assertEquals(9, prefetched().size());
            Child.Ended json = fed(Files.readString(file), "enqueue", "--requests", "-", "--request", "nothing",
                    "--json");
            assertEquals(1, json.exitCode(), json::toString);
            Map<?, ?> object = (Map<?, ?>) Json.read(json.out().getBytes(StandardCharsets.UTF_8));
            assertEquals(List.of(0L, 9L, 0L), List.of(object.get("requested"), object.get("already_requested"),
                    object.get("in_cache")));
            assertEquals(List.of("nothing miss", "Flask hit", "click Flask miss"),
                    ((List<?>) object.get("requests")).stream().map(Map.class::cast)
                            .map(each -> each.get("request") + " " + each.get("verdict")).toList());
            Files.setLastModifiedTime(repository.resolve("click"), FileTime.from(OLD.plusSeconds(1)));
            Child.Ended stale = run("enqueue", "--request", "Flask");
            assertEquals(new Child.Ended(1, "Flask: stale: click has been released or removed since: its last release"
                    + " was 1700000000.0 and is 1700000001.0\n", ""), stale);
        }
    }

    @Test
    void requests_someAreNone_allAreToldAndNothingIsRequested() throws Exception {
        try (TestMemcached server = TestMemcached.start()) {
            store(server);
            Path file = Files.writeString(folder.resolve("tonight"), "Flask\n../x\n\nfoo-1 a/b\n");
            Child.Ended ended = run("enqueue", "--requests", file.toString(), "--request", " ");
            assertEquals(2, ended.exitCode(), ended::toString);
            for (String place : List.of("argument --request: it names no package\n", file + ":2: not a ",
                    file + ":4: not a ")) {
                assertTrue(ended.err().contains(place), ended.err());
            }
            assertEquals(Set.of(), prefetched());
        }
        assertEquals(new Child.Ended(1, "", "rez-pkg-cache: no such file: " + folder.resolve("none") + "\n"),
                run("enqueue", "--requests", folder.resolve("none").toString()));
        assertEquals(2, run("enqueue", "--request", "Flask", "--env").exitCode());
        assertTrue(run("enqueue", "--paths", "/x", "context.rxt").err()
                .endsWith("error: argument --paths: only allowed with --request or --requests\n"));
    }

    @Test
    void request_memcachedDownOrOff_isToldAndNothingIsRequested() throws Exception {
        assertEquals(
                new Child.Ended(1, "Flask: miss: the resolve cache is off: memcached_uri names no server\n", ""),
                run("enqueue", "--request", "Flask"));
        String uri = "127.0.0.1:" + TestMemcached.freePort();
        environment.put("REZ_MEMCACHED_URI", uri);
        Child.Ended down = run("enqueue", "--request", "Flask", "--request", "click");
        assertEquals(new Child.Ended(1, "Flask: miss: memcached " + uri + " does not answer\nclick: miss: memcached "
                + uri + " does not answer\n", "memcached " + uri + " does not answer; going on without it\n"), down);
        environment.put("REZ_WRITE_PACKAGE_CACHE", "0");
        assertEquals(new Child.Ended(0, "", "nothing requested: write_package_cache is off\n"),
                run("enqueue", "--request", "Flask"));
        assertEquals(Set.of(), prefetched());
    }
}
