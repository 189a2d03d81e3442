package io.rezpkgcached.integration;

import static io.rezpkgcached.cache.testing.TreeAssert.assertSameTree;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Contexts of a real rez whose payloads are real trees of this machine, and our daemon. */
@Tag("rez")
final class WholePayloadsTest {
    private static final long JDK_BYTES = 600L << 20;
    private static final long REPOSITORY_BYTES = 250L << 20;
    private static final long PYTHON_BYTES = 150L << 20;
    private static final int SMALL_PACKAGES = 12;
    private static final Duration CACHED_WITHIN = Duration.ofMinutes(3);
    private static final Duration REZ_ENDS_WITHIN = Duration.ofMinutes(2);

    private static final List<String> CONTEXT = context();

    private static Lab lab;
    private static Lab quiet;
    /** The roots of all variants of {@link #CONTEXT} by the middle of {@code REZ_<NAME>_ROOT}. */
    private static Map<String, Path> roots;

    private static List<String> context() {
        List<String> packages = new ArrayList<>(List.of("jdk", "mavenrepo", "pythonlib"));
        for (int i = 0; i < SMALL_PACKAGES; i++) {
            packages.add("small" + i);
        }
        return List.copyOf(packages);
    }

    /** The JDK as it is, Maven's repository as a variant, Python's library as a hashed variant, and a dozen small ones. */
    @BeforeAll
    static void installs() throws Exception {
        lab = Lab.make("whole");
        quiet = lab.with(lab.rez().withoutItsDaemon(lab.folder().resolve("rez")));
        Path trees = lab.folder().resolve("trees");
        Path jdk = Trees.copy(Trees.jdk(), trees.resolve("jdk"), JDK_BYTES);
        Path maven = Trees.copy(Trees.mavenRepository(), trees.resolve("maven"), REPOSITORY_BYTES);
        Path python = Trees.copy(Trees.python(lab.rez()), trees.resolve("python"), PYTHON_BYTES);
        List<Lab.Wanted> packages = new ArrayList<>();
        for (int i = 0; i < SMALL_PACKAGES; i++) {
            packages.add(new Lab.Wanted("small" + i + "-1." + i, i % 3 == 2,
                    i % 3 == 0 ? "" : "small" + (i - 1) + ">=1.0,<2",
                    List.of(smallTree(trees.resolve("small" + i), i))));
        }
        packages.add(new Lab.Wanted("jdk-25", false, "", List.of(jdk)));
        packages.add(new Lab.Wanted("mavenrepo-3.8.7", false, "small0-1 small1-1|2", List.of(maven)));
        packages.add(
                new Lab.Wanted("pythonlib-3", true, "small0-1+<2;small0-7", List.of(python, trees.resolve("small0"))));
        roots = new TreeMap<>();
        lab.install(packages).forEach((uri, root) -> {
            String name = lab.repository().relativize(root).getName(0).toString();
            roots.putIfAbsent(name.toUpperCase(Locale.ROOT), root);
        });
        Trees.remove(trees);
        assertEquals(CONTEXT.size(), roots.size());
        System.out.println("real trees: " + count(roots.values().stream().toList()));
    }

    private static String count(List<Path> trees) throws IOException {
        long files = 0;
        long bytes = 0;
        for (Path tree : trees) {
            try (var paths = Files.walk(tree)) {
                for (Path path : paths.toList()) {
                    files++;
                    bytes += Files.isSymbolicLink(path) || Files.isDirectory(path) ? 0 : Files.size(path);
                }
            }
        }
        return files + " files and folders, " + (bytes >> 20) + " MiB";
    }

    private static Path smallTree(Path folder, int i) throws IOException {
        Files.createDirectories(folder.resolve("bin"));
        Files.writeString(folder.resolve("bin/tool"), "#!/bin/sh\nexit " + i + "\n").toFile().setExecutable(true);
        Files.createDirectories(folder.resolve("empty"));
        Files.writeString(folder.resolve("größe " + i + ".txt"), "x".repeat(i * 1000));
        Files.createSymbolicLink(folder.resolve("tool"), Path.of("bin/tool"));
        Files.createLink(folder.resolve("hard"), folder.resolve("bin/tool"));
        return folder;
    }

    @AfterAll
    static void removes() throws Exception {
        Trees.remove(lab.folder());
    }

    @Test
    void context_whereRezsOwnDaemonDoesNothing_isCachedByOursByteForByte() throws Exception {
        Path cache = lab.makeCache("ours");
        try (DaemonProcess daemon = quiet.startDaemon(cache, Map.of())) {
            assertEquals(roots, rootsIn(quiet.context(cache, CONTEXT)));
            awaitCached(cache, CONTEXT.size());

            Map<String, Path> cached = rootsIn(quiet.context(cache, CONTEXT));
            assertAllIn(cache, cached);
            for (String name : roots.keySet()) {
                assertSameTree(roots.get(name), cached.get(name));
            }
            assertEquals(new HashSet<>(cached.values()), payloads(daemon.lines("Cached variant to ")));
            assertEquals(CONTEXT.size(), daemon.lines("Started caching of variant ").size());
            assertSameListing(cache, CONTEXT.size());
        }
        assertNothingLeft(cache);
    }

    @Test
    void context_withRezsOwnDaemonBeside_isCachedOnce() throws Exception {
        Path cache = lab.makeCache("beside");
        try (DaemonProcess daemon = lab.startDaemon(cache, Map.of())) {
            assertEquals(roots, rootsIn(lab.context(cache, CONTEXT)));
            awaitCached(cache, CONTEXT.size());
            lab.awaitRezDaemons(cache, REZ_ENDS_WITHIN);

            Map<String, Path> cached = rootsIn(lab.context(cache, CONTEXT));
            assertAllIn(cache, cached);
            Set<Path> ours = payloads(daemon.lines("Cached variant to "));
            System.out.println("beside rez's own daemon ours cached " + ours.size() + " of " + CONTEXT.size());
            for (String name : roots.keySet()) {
                if (ours.contains(cached.get(name))) {
                    assertSameTree(roots.get(name), cached.get(name));
                } else {
                    Trees.assertSameFiles(roots.get(name), cached.get(name));
                }
            }
            assertSameListing(cache, CONTEXT.size());
            lab.awaitRezDaemons(cache, REZ_ENDS_WITHIN);
        }
        assertNothingLeft(cache);
    }

    @Test
    void rezsRemoveAndClean_onWhatOursCached_workAndAreCachedAgain() throws Exception {
        Path cache = lab.makeCache("removed");
        List<String> context = List.of("jdk", "small1", "small2", "small3", "small4");
        try (DaemonProcess daemon = quiet.startDaemon(cache, Map.of())) {
            quiet.context(cache, context);
            // small1 needs small0
            int all = context.size() + 1;
            awaitCached(cache, all);
            Map<String, Path> cached = rootsIn(quiet.context(cache, context));
            assertAllIn(cache, cached);

            for (String uri : List.of("small4/1.4/package.py[0]", "jdk/25/package.py[]")) {
                Run removed = lab.rez(cache, "rez-pkg-cache", "-r", lab.repository().resolve(uri).toString());
                assertTrue((removed.out() + removed.err()).contains("Variant successfully removed"),
                        removed.toString());
            }
            assertEquals(List.of(false, false, true), List.of("JDK", "SMALL4", "SMALL3").stream()
                    .map(name -> Files.exists(cached.get(name))).toList());
            assertSameListing(cache, all - 2);

            for (String name : List.of("SMALL2", "SMALL3")) {
                Path index = Path.of(cached.get(name) + ".json");
                Files.setLastModifiedTime(index, FileTime.from(Instant.now().minus(Duration.ofDays(3))));
            }
            Map<String, String> threeDays = lab.environment(cache);
            threeDays.put("REZ_PACKAGE_CACHE_MAX_VARIANT_DAYS", "2");
            Run clean = Run.of(lab.folder(), threeDays, List.of(lab.rez().command("rez-pkg-cache"), "--clean"));
            assertEquals(0, clean.status(), clean.toString());
            assertEquals(2, DaemonProcess.log(cache).stream()
                    .filter(line -> line.contains("Removed unused variant " + lab.repository()))
                    .filter(line -> !line.contains("PID-" + daemon.pid() + " ")).count());
            assertSameListing(cache, all - 4);
            assertEquals(List.of(), children(cache.resolve(".sys/to_delete")));

            Map<String, Path> sources = rootsIn(quiet.context(cache, context));
            for (String name : List.of("JDK", "SMALL2", "SMALL3", "SMALL4")) {
                assertEquals(roots.get(name), sources.get(name));
            }
            awaitCached(cache, all);
            Map<String, Path> again = rootsIn(quiet.context(cache, context));
            assertAllIn(cache, again);
            for (String name : again.keySet()) {
                assertSameTree(roots.get(name), again.get(name));
            }
            assertSameListing(cache, all);
        }
        assertNothingLeft(cache);
    }

    @Test
    void packagesOfOtherKinds_inOneContext_areCachedAsRezsRulesSay() throws Exception {
        Path cache = lab.makeCache("others");
        definition(lab.repository().resolve("barred/1"), "barred", "cachable = False");
        definition(lab.local().resolve("mine/1"), "mine", "");
        definition(lab.repository().resolve("counted/1"), "counted",
                "variants = [['small%d-1' % i] for i in range(2)]");
        for (String variant : List.of("small0-1", "small1-1")) {
            Path root = Files.createDirectories(lab.repository().resolve("counted/1").resolve(variant));
            Files.writeString(root.resolve("of"), variant);
        }
        build(cache);
        Path conf = Files.writeString(lab.folder().resolve("rez-pkg-cached.conf"),
                "evaluator = [\"" + lab.rez().command("rez-python") + "\"]\n");
        List<String> context = List.of("barred", "mine", "counted", "built", "small0");
        int cachable = 3;

        try (DaemonProcess daemon = quiet.startDaemon(cache, Map.of(), "--config", conf.toString())) {
            Map<String, Path> sources = rootsIn(quiet.context(cache, context));
            Wait.until(CACHED_WITHIN, "all that can be is cached and nothing is pending",
                    () -> cached(cache) == cachable && pending(cache) == 0);
            Map<String, String> variables = quiet.context(cache, context);
            Map<String, Path> cached = rootsIn(variables);

            assertEquals(sources.get("BARRED"), cached.get("BARRED"));
            assertEquals(sources.get("MINE"), cached.get("MINE"));
            assertAllIn(cache, Map.of("COUNTED", cached.get("COUNTED"), "BUILT", cached.get("BUILT"), "SMALL0",
                    cached.get("SMALL0")));
            assertSameTree(sources.get("COUNTED"), cached.get("COUNTED"));
            assertEquals("small0-1", Files.readString(cached.get("COUNTED").resolve("of")));
            Path shortLink = Path.of(variables.get("REZ_BUILT_ORIG_ROOT"));
            assertEquals(Path.of("_v"), shortLink.getParent().getFileName());
            assertTrue(Files.isSymbolicLink(shortLink), shortLink.toString());
            assertSameTree(shortLink.toRealPath(), cached.get("BUILT"));
            assertEquals("for small0-1\n", Files.readString(cached.get("BUILT").resolve("built.txt")));
            Wait.until(CACHED_WITHIN, "the local package, asked for again, is declined again",
                    () -> pending(cache) == 0);
            assertTrue(daemon.lines("Not cached - package is local: ").size() >= 1);
            assertSameListing(cache, cachable);
        }
        assertNothingLeft(cache);
    }

    /** Has {@code rez-build} install a package of two hashed variants, with short links. */
    private static void build(Path cache) throws IOException, InterruptedException {
        Path source = Files.createDirectories(lab.folder().resolve("source"));
        Files.writeString(source.resolve("package.py"), """
                name = 'built'
                version = '2.1'
                variants = [['small0-1'], ['small3-1']]
                hashed_variants = True
                build_command = 'echo for $REZ_BUILD_VARIANT_REQUIRES > $REZ_BUILD_INSTALL_PATH/built.txt'
                """);
        Run build = Run.of(source, lab.environment(cache), List.of(lab.rez().command("rez-build"), "--install",
                "--prefix", lab.repository().toString()));
        assertEquals(0, build.status(), build.toString());
    }

    private static void definition(Path folder, String name, String more) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("package.py"), "name = '" + name + "'\nversion = '1'\n" + more + "\n");
    }

    private static Map<String, Path> rootsIn(Map<String, String> variables) {
        Map<String, Path> found = new TreeMap<>();
        variables.forEach((name, value) -> {
            if (name.startsWith("REZ_") && name.endsWith("_ROOT") && !name.endsWith("_ORIG_ROOT")) {
                found.put(name.substring("REZ_".length(), name.length() - "_ROOT".length()), Path.of(value));
            }
        });
        return found;
    }

    private static void assertAllIn(Path cache, Map<String, Path> found) {
        assertFalse(found.isEmpty());
        found.forEach((name, root) -> assertTrue(root.startsWith(cache), name + " is at " + root));
    }

    /** The payloads that log lines speak of. */
    private static Set<Path> payloads(List<String> lines) {
        return lines.stream().map(line -> line.replaceFirst(".*Cached variant to (.*) in [^ ]* seconds", "$1"))
                .map(Path::of).collect(Collectors.toSet());
    }

    private static void awaitCached(Path cache, int count) throws IOException, InterruptedException {
        Wait.until(CACHED_WITHIN, count + " variants are cached and nothing is pending",
                () -> cached(cache) == count && pending(cache) == 0);
    }

    private static long cached(Path cache) throws IOException, InterruptedException {
        return lab.client(cache).out().lines().filter(line -> line.startsWith("cached ")).count();
    }

    private static int pending(Path cache) throws IOException {
        return children(cache.resolve(".sys/pending")).size();
    }

    private static List<Path> children(Path folder) throws IOException {
        try (var children = Files.list(folder)) {
            return children.toList();
        }
    }

    /** rez lists the cache as our client does, but for the order of the folders. */
    private static void assertSameListing(Path cache, int count) throws IOException, InterruptedException {
        List<String> theirs = lab.rez(cache, "rez-pkg-cache").out().lines().sorted().toList();
        assertEquals(String.join("\n", theirs),
                String.join("\n", lab.client(cache).out().lines().sorted().toList()));
        assertEquals(count, theirs.stream().filter(line -> line.startsWith("cached ")).count());
        assertEquals(count, theirs.size());
    }

    /** No request, marker, lock, or half a copy stays behind. */
    private static void assertNothingLeft(Path cache) throws IOException {
        CacheState state = CacheState.of(cache);
        assertEquals(CacheState.AT_REST, state);
    }
}
