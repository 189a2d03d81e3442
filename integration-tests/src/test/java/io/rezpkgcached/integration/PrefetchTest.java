package io.rezpkgcached.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.resolve.testing.TestMemcached;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One machine solves; on another, all that the environment needs is there before anyone asks. */
@Tag("rez")
final class PrefetchTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @Test
    void resolveOfOneMachine_isPrefetchedOnAnotherWithoutRezOrPython() throws Exception {
        Lab lab = Lab.make("prefetch");
        Path payload = Files.createDirectories(lab.folder().resolve("payload/lib"));
        Files.writeString(payload.resolve("file"), "content");
        List<Path> payloads = List.of(payload.getParent());
        Map<String, Path> roots = lab.install(List.of(new Lab.Wanted("bar-3", false, "", payloads),
                new Lab.Wanted("foo_tools-1.0", true, "bar", payloads),
                new Lab.Wanted("baz-2.1", false, "bar", payloads), new Lab.Wanted("unused-1", false, "", payloads)));
        Path one = lab.makeCache("one");
        Path two = lab.makeCache("two");
        try (TestMemcached memcached = TestMemcached.start()) {
            Map<String, String> there = environment(lab, one, memcached);
            Map<String, String> here = environment(lab, two, memcached);
            Path context = lab.folder().resolve("context.rxt");
            Run solved = run(lab, there, lab.rez().command("rez-env"), "foo_tools", "baz", "-o", context.toString());
            assertTrue(isFromCache(context, false), solved::toString);

            // On the other machine there is no rez, and no Python.
            Map<String, String> bare = new HashMap<>(here);
            bare.put("PATH", withoutPython(lab.folder().resolve("bin")).toString());
            assertFalse(Run.of(lab.folder(), bare, List.of("/bin/sh", "-c", "command -v python3 python rez-env rez"))
                    .status() == 0);
            Run enqueued = run(lab, bare, ours(), "enqueue", "--request", "foo_tools baz");
            assertEquals("foo_tools baz: hit: 3 variants, requested 3, already requested 0, already in the cache 0\n",
                    enqueued.out());
            try (DaemonProcess daemon = DaemonProcess.start(two, Path.of(two + ".output"), bare, List.of())) {
                Wait.until(LONG, "all is cached", () -> daemon.lines("Cached variant to ").size() == 3);
                Wait.until(LONG, "nothing waits", () -> isEmpty(two.resolve(".sys/rez-pkg-cached/prefetch")));
                assertTrue(isEmpty(two.resolve(".sys/pending")), "nobody has asked for anything");
                assertEquals("foo_tools baz: hit: 3 variants, requested 0, already requested 0, already in the cache"
                        + " 3\n", run(lab, bare, ours(), "enqueue", "--request", "foo_tools baz").out());
            }
            List<String> uses = run(lab, here, lab.rez().command("rez-pkg-cache"), "-c", "status", "orig_path",
                    "cache_path").out().lines().toList();
            assertEquals(3, uses.size(), uses::toString);
            for (String use : uses) {
                String[] fields = use.split(" +", -1);
                assertEquals("cached", fields[0]);
                assertTrue(roots.containsValue(Path.of(fields[1])), uses::toString);
                Trees.assertSameFiles(Path.of(fields[1]), Path.of(fields[2]));
            }

            Run used = run(lab, here, lab.rez().command("rez-env"), "foo_tools", "baz", "-o", context.toString());
            assertTrue(isFromCache(context, true), used::toString);
            Map<String, String> variables = variables(
                    run(lab, here, lab.rez().command("rez-env"), "foo_tools", "baz", "-c", "printenv"));
            assertEquals(List.of("REZ_BAR_ROOT", "REZ_BAZ_ROOT", "REZ_FOO_TOOLS_ROOT"),
                    List.copyOf(variables.keySet()));
            assertTrue(variables.values().stream().allMatch(root -> root.startsWith(two + "/")),
                    variables::toString);
        }
        lab.awaitRezDaemons(one, LONG);
        lab.awaitRezDaemons(two, LONG);
    }

    private static Map<String, String> environment(Lab lab, Path cache, TestMemcached memcached) {
        Map<String, String> environment = lab.environment(cache);
        environment.put("REZ_MEMCACHED_URI", memcached.uri());
        environment.put("REZ_PKG_CACHED_MEMCACHED_TIMEOUT", "10 s");
        return environment;
    }

    /** All commands of the machine but those. */
    private static Path withoutPython(Path bin) throws IOException {
        Files.createDirectories(bin);
        try (var commands = Files.list(Path.of("/usr/bin"))) {
            for (Path command : commands.toList()) {
                String real = Files.exists(command) ? command.toRealPath().toString() : "python";
                if (!command.getFileName().toString().matches("(?i).*(python|pypy|rez).*")
                        && !real.matches("(?i).*(python|pypy|rez).*")) {
                    Files.createSymbolicLink(bin.resolve(command.getFileName()), command);
                }
            }
        }
        return bin;
    }

    private static boolean isFromCache(Path context, boolean expected) throws IOException {
        return Files.readString(context).contains("\"from_cache\": " + expected);
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    private static String ours() {
        return Distribution.built().client().toString();
    }

    private static Run run(Lab lab, Map<String, String> environment, String... words)
            throws IOException, InterruptedException {
        Run run = Run.of(lab.folder(), environment, List.of(words));
        assertEquals(0, run.status(), () -> List.of(words) + ": " + run);
        return run;
    }

    private static Map<String, String> variables(Run run) {
        Map<String, String> variables = new TreeMap<>();
        run.out().lines().filter(line -> line.matches("REZ_(FOO_TOOLS|BAR|BAZ)_ROOT=.*")).forEach(
                line -> variables.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1)));
        return variables;
    }
}
