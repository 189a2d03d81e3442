package io.rezpkgcached.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The same command lines for rez's {@code rez-pkg-cache} and for ours, each on a cache of its own. */
@Tag("rez")
final class SameWordsTest {
    private Lab lab;

    /** {@code @} stands for the repository, {@code NAME} for the cache seen from its folder; in this order, since each leaves the cache as the next one finds it. */
    private static final List<String> LINES = List.of( //
            "", "-c package", "--logs", "--clean", //
            "-a @/foo/1.0/package.py[0]", "-a @/foo/1.0/package.py[0]", "--add-variants @/foo/1.0/anything[1]", //
            "-a @/bar/3/package.py[] @/foo/1.0/package.py[0] @/baz/2.1/package.py[0]", //
            "-a @/baz/2.1/package.py[0] --pkg-cache-mode sync", "-a @/baz/2.1/package.py[0] --pkg-cache-mode=async", //
            "", "-c status package variant_uri orig_path cache_path", "--col cache_path status", "-v", "-vv CACHE", //
            "-a @/nope/1/package.py[0]", "-a @/foo/9/package.py[0]", "-a @/foo/1.0/package.py[7]",
            "-a @/foo/1.0/package.py[x]", "-a @/foo/1.0/package.py[]", "-a @/foo/1.0/package.py", "-a foo", //
            "-a @/never/1.0/package.py[]", "-a @/never/1.0/package.py[] @/bar/3/package.py[]", //
            "-f -a @/never/1.0/package.py[]", //
            "-a @/latin/1.0/package.py[]", //
            "-r @/foo/1.0/package.py[0]", "-r @/foo/1.0/package.py[0]",
            "-r @/bar/3/package.py[] @/nope/1/package.py[0]",
            "", "--clean", "--clean", "--cle", //
            "-a @/foo/1.0/package.py[0] @/bar/3/package.py[]", "", //
            "--nope", "-x", "-c bogus", "-c", "-a", "-r", "-a x -r y", "--clean --logs", "--pkg-cache-mode foo",
            "--pkg-cache-mode", "--clean=3", "/a /b", "--version", "-c status -- /nowhere/at/all", "/nowhere/at/all",
            "/dev/null", "-fc status", "-1", "-hx", "-fx", "-vfcpackage", "-f=1", "--c", "--clean -a", "-c=status",
            "-c it's",
            "/nowhere/", "NAME -c cache_path", "./NAME/ -c cache_path", "NAME -a @/baz/2.1/package.py[0]",
            "NAME/ -r @/baz/2.1/package.py[0]", "NAME -a @/baz/2.1/package.py[0] @/baz/2.1/package.py[0]");

    @Test
    void everyLine_givesRezsWordsAndStatus() throws IOException, InterruptedException {
        lab = Lab.make("same-words");
        Path payload = Files.createDirectories(lab.folder().resolve("payload/lib"));
        Files.writeString(payload.resolve("file"), "content");
        List<Path> payloads = List.of(payload.getParent());
        lab.install(
                List.of(new Lab.Wanted("foo-1.0", true, "bar;baz", List.of(payload.getParent(), payload.getParent())),
                        new Lab.Wanted("bar-3", false, "", payloads), new Lab.Wanted("baz-2.1", false, "bar", payloads),
                        new Lab.Wanted("never-1.0", false, "", payloads)));
        Path latin = Files.createDirectories(lab.repository().resolve("latin/1.0"));
        Files.write(latin.resolve("package.py"),
                "name = 'latin'\nversion = '1.0'\n# caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
        Path ofRez = lab.makeCache("cache-of-rez");
        Path ours = lab.makeCache("cache-of-our");
        String command = Distribution.built().client().toString();
        List<String> expected = new ArrayList<>();
        List<String> found = new ArrayList<>();
        for (String line : LINES) {
            expected.add(run(lab.rez().command("rez-pkg-cache"), ofRez, line));
            found.add(run(command, ours, line));
        }
        for (String columns : List.of("20", "40", "80", "250")) {
            for (String line : List.of("-c bogus", "--nope")) {
                Map<String, String> width = Map.of("COLUMNS", columns);
                expected.add(run(lab.rez().command("rez-pkg-cache"), ofRez, line, width));
                found.add(run(command, ours, line, width));
            }
        }
        assertEquals(String.join("\n\n", expected), String.join("\n\n", found));

        // docs/rez-differences.md
        String cachedButNotCachable = "-a @/never/1.0/package.py[]";
        assertLastLine("TIME ERROR    PackageCacheError: Not cached - package is not cachable: " + lab.repository()
                + "/never/1.0/package.py", run(lab.rez().command("rez-pkg-cache"), ofRez, cachedButNotCachable));
        assertLastLine("TIME INFO     Already exists: CACHE/never/1.0/", run(command, ours, cachedButNotCachable));
    }

    private static void assertLastLine(String beginning, String run) {
        String last = run.lines().toList().getLast();
        assertEquals(beginning, last.substring(0, Math.min(last.length(), beginning.length())));
    }

    private String run(String command, Path cache, String line) throws IOException, InterruptedException {
        return run(command, cache, line, Map.of());
    }

    private String run(String command, Path cache, String line, Map<String, String> more)
            throws IOException, InterruptedException {
        Map<String, String> environment = lab.environment(cache);
        environment.putAll(more);
        environment.put("REZ_DEFAULT_CACHABLE_PER_PACKAGE", "never:0");
        List<String> words = new ArrayList<>(List.of(command));
        for (String word : line.split(" ", -1)) {
            if (!word.isEmpty()) {
                words.add(word.replace("@", lab.repository().toString()).replace("CACHE", cache.toString())
                        .replace("NAME", cache.getFileName().toString()));
            }
        }
        Run run = Run.of(lab.folder(), environment, words);
        return "$ " + line + "\n" + run.status() + "\n" + sorted(equalized(run.out(), cache)) + "--\n"
                + (line.equals("--clean") ? sorted(equalized(run.err(), cache)) : equalized(run.err(), cache));
    }

    /** rez lists the variants of one name as the folders come, and deletes so. */
    private static String sorted(String text) {
        return text.lines().sorted().map(line -> line + "\n").collect(Collectors.joining());
    }

    /** Without what differs from run to run. */
    private static String equalized(String text, Path cache) {
        return text.replace(cache.toString(), "CACHE").replace(cache.getFileName().toString(), "NAME")
                .replaceAll("\\b\\d\\d:\\d\\d:\\d\\d(,\\d{3})?\\b", "TIME")
                .replaceAll("\\b\\d{4}-\\d\\d-\\d\\d\\b", "DAY").replaceAll("PID-\\d+", "PID")
                .replaceAll("-[0-9a-f]{32}\\b", "-HEX");
    }
}
