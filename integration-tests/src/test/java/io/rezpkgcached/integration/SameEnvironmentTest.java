package io.rezpkgcached.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What our commands say of a context, beside what a real rez makes of it. */
@Tag("rez")
final class SameEnvironmentTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @Test
    void envAndStatus_ofAContext_areRezs() throws IOException, InterruptedException {
        Lab lab = Lab.make("same-environment");
        Path payload = Files.createDirectories(lab.folder().resolve("payload/lib"));
        Files.writeString(payload.resolve("file"), "content");
        List<Path> payloads = List.of(payload.getParent());
        lab.install(List.of(new Lab.Wanted("bar-3", false, "", payloads),
                new Lab.Wanted("foo_tools-1.0", true, "bar", payloads),
                new Lab.Wanted("baz-2.1", false, "bar", payloads)));
        Path cache = lab.makeCache("cache");
        Path context = lab.folder().resolve("context.rxt");
        Map<String, String> environment = lab.environment(cache);
        Rez quiet = lab.rez().withoutItsDaemon(lab.folder().resolve("quiet"));
        run(lab, environment, quiet.command("rez-env"), "foo_tools", "baz", "-o", context.toString());
        run(lab, environment, ours(), "-a", lab.repository() + "/foo_tools/1.0/package.py[0]",
                lab.repository() + "/bar/3/package.py[]");

        String print = "env | grep -E '^REZ_(FOO_TOOLS|BAR|BAZ)_(ORIG_)?ROOT='";
        assertEquals(variables(run(lab, environment, quiet.command("rez-env"), "-i", context.toString(), "-c", print)),
                variables(run(lab, environment, "sh", "-c",
                        "eval \"$('" + ours() + "' env --context '" + context + "')\"; " + print)));

        // rez-context says (cached) only within the environment
        List<String> ofRez = packages(run(lab, environment, quiet.command("rez-env"), "-i", context.toString(), "-c",
                lab.rez().command("rez-context")));
        assertEquals(ofRez, packages(run(lab, environment, ours(), "status", "--context", context.toString())));
        assertTrue(ofRez.stream().filter(line -> line.endsWith("(cached)")).count() == 2, ofRez::toString);

        run(lab, environment, ours(), "-r", lab.repository() + "/bar/3/package.py[]");
        List<Path> before = pending(cache);
        Run enqueued = run(lab, environment, quiet.command("rez-env"), "-i", context.toString(), "-c",
                ours() + " enqueue --env --json");
        assertTrue(enqueued.out().contains("\"in_cache\": 1"), enqueued::toString);
        assertTrue(pending(cache).size() >= before.size() && pending(cache).size() >= 2, enqueued::toString);
        try (DaemonProcess _ = lab.startDaemon(cache, Map.of())) {
            run(lab, environment, ours(), "wait", "--timeout", "60", context.toString());
        }
        Wait.until(LONG, "nothing is pending", () -> pending(cache).isEmpty());
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
        run.out().lines().filter(line -> line.startsWith("REZ_")).forEach(
                line -> variables.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1)));
        return variables;
    }

    /** The lines after "resolved packages:", with single gaps. */
    private static List<String> packages(Run run) {
        List<String> lines = new ArrayList<>();
        boolean within = false;
        for (String line : run.out().lines().toList()) {
            if (within && !line.isBlank()) {
                lines.add(line.strip().replaceAll(" {2,}", "  "));
            }
            within |= line.equals("resolved packages:");
        }
        return lines;
    }

    private static List<Path> pending(Path cache) throws IOException {
        try (var files = Files.list(cache.resolve(".sys/pending"))) {
            return files.toList();
        }
    }
}
