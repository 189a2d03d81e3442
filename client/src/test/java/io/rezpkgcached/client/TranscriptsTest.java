package io.rezpkgcached.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rezpkgcached.cache.Vectors;
import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.handle.MalformedHandleException;
import io.rezpkgcached.cache.json.Json;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.CacheWalk;
import io.rezpkgcached.cache.layout.StateFile;
import io.rezpkgcached.cache.testing.CacheFixture;
import io.rezpkgcached.cache.testing.Child;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a real rez printed ({@code rez-pkg-cache-transcripts.json}), and what ours prints on the same cache. That cache was at
 * {@code /svr/cache} and its repository at {@code /svr/packages}; here both are elsewhere, so handles, hashes and the widths of
 * columns differ, and are made equal.
 */
final class TranscriptsTest {
    private static final String REPOSITORY = "/svr/packages";
    private static final String CACHE = "/svr/cache";
    private static final Pattern GAP = Pattern.compile(" {2,}");

    @TempDir
    private Path folder;
    private Path repository;
    private Path cache;
    private final Map<String, String> environment = new HashMap<>();

    /** Where an entry lay in the fixture, and where it lies now, both below the cache. */
    private final Map<String, String> moved = new LinkedHashMap<>();

    @BeforeEach
    void makeCacheAndRepository() throws Exception {
        folder = folder.toRealPath();
        repository = Files.createDirectories(folder.resolve("packages"));
        // In the future, so that it is still being copied however slow this machine is.
        cache = CacheFixture.unpack(folder, Instant.now().plusSeconds(600));
        CacheLayout layout = CacheLayout.of(cache);
        for (Path old : CacheWalk.hashDirectories(layout)) {
            relocate(layout, old);
        }
        Map<?, ?> pending = (Map<?, ?>) Json.read(Files.readAllBytes(pendingFile()));
        Handle itsdangerous = here(pending);
        Files.writeString(pendingFile(), itsdangerous.toJson());
        define(itsdangerous, List.of("python-3.7"));
        moved.put("itsdangerous/1.1.0/404d", cache.relativize(layout.hashDirectory(itsdangerous)).toString());
        Path log = CacheWalk.children(cache.resolve(".sys/log")).getFirst();
        Files.writeString(log, here(Files.readString(log)));
        Path toDelete = cache.resolve(".sys/to_delete");
        remove(CacheWalk.sorted(toDelete).getFirst()); // one of the two; the test removes it anew
        environment.putAll(Map.of("HOME", folder.toString(), "REZ_CONFIG_FILE", "", "REZ_DISABLE_HOME_CONFIG", "1",
                "REZ_PACKAGES_PATH", repository.toString(), "REZ_CACHE_PACKAGES_PATH", cache.toString(),
                "REZ_DEFAULT_CACHABLE", "1", "REZ_PACKAGE_CACHE_SAME_DEVICE", "1", "REZ_TMPDIR", "/nowhere"));
        environment.put("REZ_PACKAGE_CACHE_USED_THRESHOLD", "100");
        environment.put("REZ_LOCAL_PACKAGES_PATH", "/nowhere");
        environment.put("PATH", "/usr/bin:/bin");
    }

    private Path pendingFile() throws IOException {
        return CacheWalk.children(cache.resolve(".sys/pending")).getFirst();
    }

    private Handle here(Map<?, ?> handle) throws IOException, MalformedHandleException {
        return Handle.parse(Json.read(
                Json.write(handle).replace(REPOSITORY, repository.toString()).getBytes(StandardCharsets.UTF_8)));
    }

    private void relocate(CacheLayout layout, Path old) throws Exception {
        Map<String, Object> index = StateFile.read(old.resolve("a.json")).orElseThrow();
        Handle handle = here((Map<?, ?>) index.get("handle"));
        List<?> requirements = (List<?>) index.getOrDefault("data", List.of());
        define(handle, requirements.stream().map(Object::toString).toList());
        Map<String, Object> changed = new LinkedHashMap<>(index);
        changed.put("handle", handle.toTree());
        Files.writeString(old.resolve("a.json"), Json.write(changed));
        Path target = layout.hashDirectory(handle);
        moved.put(cache.relativize(old).toString(), cache.relativize(target).toString());
        if (!target.equals(old)) {
            Files.move(old, target);
        }
    }

    /** Its definition, of which this variant is the last one; and its payload. */
    private void define(Handle handle, List<String> requirements) throws Exception {
        Path directory = Files.createDirectories(
                repository.resolve(handle.name()).resolve(handle.version().orElseThrow()));
        List<String> lines = new ArrayList<>(List.of("name = '" + handle.name() + "'",
                "version = '" + handle.version().orElseThrow() + "'"));
        Path root = directory;
        if (handle.index().isPresent()) {
            boolean hashed = !handle.name().equals("python");
            String list = requirements.stream().map(each -> "'" + each + "'")
                    .collect(Collectors.joining(", ", "[", "]"));
            lines.add("variants = [" + "['other'], ".repeat(handle.index().getAsInt()) + list + "]");
            lines.add("hashed_variants = " + (hashed ? "True" : "False"));
            root = hashed ? directory.resolve(sha1(list)) : directory.resolve(String.join("/", requirements));
        }
        Files.write(directory.resolve("package.py"), lines);
        Files.writeString(Files.createDirectories(root).resolve("file"), "content");
    }

    private static String sha1(String text) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1")
                .digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static void remove(Path tree) throws IOException {
        try (var paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static Map<?, ?> transcript(String name) throws IOException {
        return (Map<?, ?>) ((Map<?, ?>) Json.read(Vectors.bytes("rez-pkg-cache-transcripts.json"))).get(name);
    }

    private List<String> words(Map<?, ?> transcript) {
        List<?> words = (List<?>) transcript.get("args");
        return words.stream().skip(1).map(word -> here(word.toString())).toList();
    }

    private String here(String text) {
        String replaced = text;
        for (Map.Entry<String, String> entry : moved.entrySet()) {
            replaced = replaced.replace(CACHE + "/" + entry.getKey() + "/", cache + "/" + entry.getValue() + "/");
        }
        return replaced.replace(CACHE, cache.toString()).replace(REPOSITORY, repository.toString());
    }

    /** Without times, process ids and random names; the gaps between columns as if all were of one width. */
    private static String equalized(String text) {
        return GAP.matcher(text.replace("\r\n", "\n")).replaceAll("  ")
                .replaceAll("\\d\\d:\\d\\d:\\d\\d(,\\d{3})?", "TIME")
                .replaceAll("\\d{4}-\\d\\d-\\d\\d", "DAY").replaceAll("PID-\\d+", "PID")
                .replaceAll("-[0-9a-f]{32}\\b", "-HEX");
    }

    private Child.Ended run(List<String> words) throws Exception {
        return Child.run(Child.java(Main.class, words.toArray(String[]::new)), environment, new byte[0]);
    }

    private void replay(String name) throws Exception {
        Map<?, ?> transcript = transcript(name);
        Child.Ended expected = new Child.Ended(((Number) transcript.get("returncode")).intValue(),
                equalized(here(transcript.get("stdout").toString())),
                equalized(here(transcript.get("stderr").toString())));
        Child.Ended found = run(words(transcript));
        assertEquals(expected, new Child.Ended(found.exitCode(), equalized(found.out()), equalized(found.err())), name);
    }

    @Test
    void transcripts_oneAfterTheOther_sayWhatRezSaid() throws Exception {
        for (String name : List.of("list", "list columns", "logs", "no dir", "bad flag", "add copying",
                "remove copying", "add", "add again", "remove", "remove again", "add unknown", "remove unknown")) {
            replay(name);
        }
        replayAtATerminal();
        addStalled();
        age("python/3.7.4/c957/.copying-a");
        clean();
        replay("list after clean");
    }

    private void age(String marker) throws IOException {
        for (Map.Entry<String, String> entry : moved.entrySet()) {
            if (marker.startsWith(entry.getKey())) {
                Files.setLastModifiedTime(cache.resolve(marker.replace(entry.getKey(), entry.getValue())),
                        FileTime.from(Instant.now().minusSeconds(60)));
            }
        }
    }

    /** {@code script} gives a command a terminal. */
    private void replayAtATerminal() throws Exception {
        String line = Child.java(Main.class).stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        Child.Ended found = Child.run(List.of("script", "-qefc", line, "/dev/null"), environment, new byte[0]);
        assertEquals(new Child.Ended(0, equalized(here(transcript("list at a terminal").get("stdout").toString())), ""),
                new Child.Ended(found.exitCode(), equalized(found.out()), found.err()));
    }

    /** rez says "Successfully cached" and 0. */
    private void addStalled() throws Exception {
        Child.Ended found = run(words(transcript("add stalled")));
        String uri = repository + "/MarkupSafe/1.1.1/package.py[1]";
        assertEquals(new Child.Ended(1, "", "TIME INFO  Adding variant '" + uri + "' to package cache at " + cache
                + ":\nTIME ERROR  PackageCacheError: Not cached - variant is stalled copying to "
                + here("/svr/cache/MarkupSafe/1.1.1/610b/a")
                + ": remove it, or clean the cache, and add it again\n"),
                new Child.Ended(found.exitCode(), found.out(), equalized(found.err())));
    }

    /** In the order of the folders, which differs. */
    private void clean() throws Exception {
        Child.Ended found = run(List.of("--clean"));
        assertEquals(sorted(here(transcript("clean").get("stderr").toString())), sorted(found.err()));
        assertEquals(new Child.Ended(0, "", found.err()), found);
        String logged = Files.readString(CacheWalk.sorted(cache.resolve(".sys/log")).getLast());
        assertEquals(found.err(), logged.substring(logged.length() - found.err().length()), "and in the log");
    }

    private static String sorted(String text) {
        return equalized(text).lines().sorted().collect(Collectors.joining("\n"));
    }

    @Test
    void transcripts_ofTheVector_areAllReplayed() throws IOException {
        Map<?, ?> all = (Map<?, ?>) Json.read(Vectors.bytes("rez-pkg-cache-transcripts.json"));
        List<String> names = new ArrayList<>(List.of("list", "list columns", "logs", "no dir", "bad flag",
                "add copying", "remove copying", "add", "add again", "remove", "remove again", "add unknown",
                "remove unknown", "list at a terminal", "add stalled", "clean", "list after clean"));
        names.add("help"); // ours has more to say: HelpTextTest
        assertEquals(names.stream().sorted().toList(), all.keySet().stream().map(Object::toString).sorted().toList());
    }
}
