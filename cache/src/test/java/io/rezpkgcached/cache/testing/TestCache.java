package io.rezpkgcached.cache.testing;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.handle.Increment;
import io.rezpkgcached.cache.json.Json;
import io.rezpkgcached.cache.json.JsonException;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.CacheWalk;
import io.rezpkgcached.cache.layout.Entry;
import io.rezpkgcached.cache.layout.IndexFile;
import io.rezpkgcached.cache.layout.OurFolder;
import io.rezpkgcached.cache.lock.CacheLock;
import io.rezpkgcached.cache.records.CopyRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.StringJoiner;
import java.util.stream.Stream;

/**
 * A package cache in a temporary folder with a repository beside it, and rez's eyes on it: what this says of a variant
 * is worked out from files alone, as {@code PackageCache._get_cached_root} does, without the code under test.
 */
public record TestCache(Path folder, CacheLayout layout, CacheLock lock) {
    private static final Duration STALLED_AFTER = Duration.ofSeconds(5);

    public static TestCache in(Path dir) throws IOException {
        Path folder = dir.toRealPath();
        Files.createDirectories(folder.resolve("cache"));
        Files.createDirectories(folder.resolve("packages"));
        CacheLayout layout = CacheLayout.of(folder.resolve("cache"));
        OurFolder.prepare(layout);
        return new TestCache(folder, layout, new CacheLock(layout, _ -> {}));
    }

    public Path repository() {
        return folder.resolve("packages");
    }

    public Handle handle(String name, String version) {
        return Handle.of(repository().toString(), name, Optional.of(version), OptionalInt.empty());
    }

    public Handle handle(String name, String version, int index) {
        return Handle.of(repository().toString(), name, Optional.of(version), OptionalInt.of(index));
    }

    /** Makes a package without variants, with a few files, and returns its folder. */
    public Path makePackage(String name, String version) throws IOException {
        return makePackage(name, version, "");
    }

    /** The same with more lines in its definition. */
    public Path makePackage(String name, String version, String more) throws IOException {
        Path made = Files.createDirectories(repository().resolve(name).resolve(version));
        Files.writeString(made.resolve("package.py"), "name = '" + name + "'\nversion = '" + version + "'\n" + more);
        makePayload(made);
        return made;
    }

    /** Files, a folder and a link, in a folder that is made if need be. */
    public static Path makePayload(Path payload) throws IOException {
        Files.createDirectories(payload.resolve("lib"));
        Files.writeString(payload.resolve("lib/module.py"), "print('hello')\n");
        Files.writeString(payload.resolve("tool"), "#!/bin/sh\n");
        Files.createSymbolicLink(payload.resolve("link"), Path.of("lib/module.py"));
        return payload;
    }

    /** Makes an entry that is cached, as rez leaves it, last used this long ago. */
    public Entry putCached(Handle handle, Duration unusedFor) throws IOException {
        Entry entry = putIndex(handle);
        makePayload(entry.payload());
        Files.setLastModifiedTime(entry.index(), FileTime.from(Instant.now().minus(unusedFor)));
        return entry;
    }

    /** Makes an entry that rez is copying, whose marker was touched this long ago. */
    public Entry putCopying(Handle handle, Duration touchedBefore) throws IOException {
        Entry entry = entryFor(handle);
        Files.createFile(entry.marker());
        Files.setLastModifiedTime(entry.marker(), FileTime.from(Instant.now().minus(touchedBefore)));
        Files.writeString(entry.index(), IndexFile.text(handle, List.of()));
        Files.createDirectory(entry.payload());
        Files.writeString(entry.payload().resolve("half"), "copi");
        return entry;
    }

    /** Makes an index and nothing else. */
    public Entry putIndex(Handle handle) throws IOException {
        Entry entry = entryFor(handle);
        Files.writeString(entry.index(), IndexFile.text(handle, List.of()));
        return entry;
    }

    /** The first free place in the hash directory of a handle, which is made. */
    public Entry entryFor(Handle handle) throws IOException {
        Path hashDirectory = Files.createDirectories(layout.hashDirectory(handle));
        return new Entry(hashDirectory, Increment.free(names(hashDirectory)));
    }

    /** A record of a copy of a handle in an entry. */
    public CopyRecord record(Handle handle, Entry entry) {
        return new CopyRecord(handle, layout.root().relativize(entry.payload()).toString(), "uri", "/root", List.of(),
                2, 1, 1, 25, Instant.parse("2026-01-02T03:04:05Z"), Duration.ofMillis(7),
                Instant.parse("2025-01-02T03:04:05Z"));
    }

    /** The names in a folder, sorted; none if there is no such folder. */
    public static List<String> names(Path folder) throws IOException {
        return CacheWalk.children(folder).stream().map(path -> path.getFileName().toString()).sorted().toList();
    }

    /** What rez says of a variant: not found, copying, stalled or found. */
    public String rezSays(Handle handle) throws IOException {
        Path hashDirectory = layout.hashDirectory(handle);
        for (String name : names(hashDirectory)) {
            if (name.endsWith(".json")) {
                String increment = name.substring(0, name.length() - ".json".length());
                if (handle.toTree().equals(index(hashDirectory.resolve(name)).get("handle"))) {
                    return status(hashDirectory.resolve(".copying-" + increment));
                }
            }
        }
        return "not found";
    }

    /** rez reads every such file, and fails where one is no object or its name no increment. */
    private static Map<?, ?> index(Path file) throws IOException {
        String name = file.getFileName().toString();
        if (!name.matches("[a-z]+\\.json")) {
            throw new IOException("rez: Invalid base26 string: " + name);
        }
        try {
            return (Map<?, ?>) Json.read(Files.readAllBytes(file));
        } catch (JsonException e) {
            throw new IOException("rez: JSONDecodeError: " + file, e);
        }
    }

    private static String status(Path marker) throws IOException {
        if (!Files.exists(marker)) {
            return "found";
        }
        Instant touched = Files.getLastModifiedTime(marker).toInstant();
        return Duration.between(touched, Instant.now()).compareTo(STALLED_AFTER) > 0 ? "stalled" : "copying";
    }

    /** All that lies in the cache outside {@code .sys}, with a slash after what is a folder. */
    public List<String> visible() throws IOException {
        try (Stream<Path> paths = Files.walk(layout.root())) {
            return paths.filter(path -> !path.equals(layout.root()) && !path.startsWith(layout.sys()))
                    .map(path -> layout.root().relativize(path) + (Files.isDirectory(path) ? "/" : "")).sorted()
                    .toList();
        }
    }

    /**
     * What work in progress has left, by its place: lock, requests, staging, removed payloads; all lists are empty when
     * nothing has been.
     */
    public Map<String, List<String>> leftovers() throws IOException {
        List<String> locks = names(layout.sys()).stream()
                .filter(name -> !List.of("log", "pending", "to_delete", "rez-pkg-cached").contains(name)).toList();
        return Map.of("lock", locks, "pending", names(layout.pending()), "staging", names(layout.staging()),
                "to_delete", names(layout.toDelete()));
    }

    /** {@link #leftovers()} when nothing has been left. */
    public static Map<String, List<String>> nothing() {
        return Map.of("lock", List.of(), "pending", List.of(), "staging", List.of(), "to_delete", List.of());
    }

    /** One line for what a hash directory holds: each name, and for a payload whether it is empty, partial or complete. */
    public String glance(Handle handle, Path complete) throws IOException {
        Path hashDirectory = layout.hashDirectory(handle);
        StringJoiner line = new StringJoiner(" ");
        for (String name : names(hashDirectory)) {
            Path path = hashDirectory.resolve(name);
            line.add(Files.isDirectory(path) ? name + "=" + contentOf(path, complete) : name);
        }
        return line.toString();
    }

    private static String contentOf(Path payload, Path complete) throws IOException {
        Map<String, String> found = TreeAssert.describe(payload);
        Map<String, String> expected = TreeAssert.describe(complete);
        found.remove("");
        expected.remove("");
        return found.isEmpty() ? "empty" : found.equals(expected) ? "complete" : "partial";
    }
}
