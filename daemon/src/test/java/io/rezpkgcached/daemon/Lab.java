package io.rezpkgcached.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.CacheWalk;
import io.rezpkgcached.cache.layout.CachedVariant;
import io.rezpkgcached.cache.layout.Entry;
import io.rezpkgcached.cache.layout.Status;
import io.rezpkgcached.cache.layout.VariantLookup;
import io.rezpkgcached.cache.records.CopyRecord;
import io.rezpkgcached.cache.records.CopyRecords;
import io.rezpkgcached.cache.testing.TreeAssert;
import io.rezpkgcached.settings.Settings;
import io.rezpkgcached.settings.SettingsReader;
import io.rezpkgcached.settings.Surroundings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;

/** A repository, a cache, and what daemons that serve it are told; everything lies below one folder. */
final class Lab {
    static final String VERSION = "1.0";

    private final Path root;
    private final Path repository;
    private final Path cache;
    private final Path config;
    private final CacheLayout layout;

    private Lab(Path root, Path repository, Path cache, String... lines) throws IOException {
        this.root = root;
        this.repository = repository;
        this.cache = cache;
        this.config = root.resolve("daemon.conf");
        Files.createDirectories(repository);
        Files.createDirectories(cache);
        this.layout = CacheLayout.of(cache);
        List<String> all = new ArrayList<>(List.of("default_cachable = true", "package_cache_same_device = true",
                "tmpdir = \"/nowhere\"", "package_cache_used_threshold = 100", "package_cache_space_buffer = 0",
                "retry_pause = 200 ms", "retry_pause_max = 1 s"));
        all.addAll(List.of(lines));
        Files.write(config, all);
    }

    /**
     * A new one.
     *
     * @param lines of the configuration, later over earlier
     */
    static Lab in(Path root, String... lines) throws IOException {
        Path real = root.toRealPath();
        return new Lab(real, real.resolve("repository"), real.resolve("cache"), lines);
    }

    static Lab with(Path root, Path repository, Path cache, String... lines) throws IOException {
        return new Lab(root.toRealPath(), repository, cache, lines);
    }

    Path root() {
        return root;
    }

    Path repository() {
        return repository;
    }

    Path cache() {
        return cache;
    }

    Path config() {
        return config;
    }

    CacheLayout layout() {
        return layout;
    }

    Settings settings() throws Exception {
        return SettingsReader.read(Surroundings.ofProcess(), Optional.of(config));
    }

    /** Installs a package without variants, of some files of which some lie in folders, one is a link, and one a script. */
    Handle install(String name, int files, int bytes) throws IOException {
        Path payload = payload(name);
        Random random = new Random(name.hashCode());
        for (int i = 0; i < files; i++) {
            byte[] content = new byte[bytes];
            random.nextBytes(content);
            Path file = payload.resolve("lib" + i % 3).resolve("file" + i);
            Files.createDirectories(file.getParent());
            Files.write(file, content);
        }
        Files.writeString(payload.resolve("tool"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(payload.resolve("tool"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createSymbolicLink(payload.resolve("link"), Path.of("tool"));
        // The definition comes last, as from rez-release: without it there is no package.
        Files.writeString(payload.resolve("package.py"), "version = '%s'\n".formatted(VERSION));
        return handle(name);
    }

    Handle handle(String name) {
        return Handle.of(repository.toString(), name, Optional.of(VERSION), OptionalInt.empty());
    }

    Path payload(String name) {
        return repository.resolve(name).resolve(VERSION);
    }

    /** Requests a variant as rez does: written in place. */
    Path request(Handle handle) throws IOException {
        return request(requestName(handle), handle.toJson());
    }

    static String requestName(Handle handle) {
        return handle.qualifiedName() + "-" + UUID.randomUUID().toString().replace("-", "") + ".json";
    }

    Path request(String name, String content) throws IOException {
        Files.createDirectories(layout.pending());
        return Files.writeString(layout.pending().resolve(name), content);
    }

    /** Starts a daemon on the cache; it need not serve yet. */
    Child start() throws IOException {
        return Child.start(root, List.of(), Main.class, words());
    }

    List<String> words() {
        return List.of("--config", config.toString(), cache.toString());
    }

    Optional<CachedVariant> find(Handle handle) throws IOException {
        return new VariantLookup(layout, InstantSource.system()).find(handle);
    }

    boolean isCached(Handle handle) throws IOException {
        return find(handle).filter(found -> found.status() == Status.CACHED).isPresent();
    }

    /** The log that all processes wrote. */
    String log() {
        try {
            StringBuilder text = new StringBuilder();
            for (Path file : CacheWalk.children(layout.log())) {
                text.append(Files.readString(file));
            }
            return text.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void awaitLog(String text) throws Exception {
        Await.until("log has: " + text, Await.LONG, this::log, () -> log().contains(text));
    }

    /** Waits until nothing is requested any more. */
    void awaitServed() throws Exception {
        Await.until("all requests are served", Await.LONG,
                () -> names(layout.pending()) + "\n" + log(), () -> names(layout.pending()).isEmpty());
    }

    static Set<String> names(Path folder) throws IOException {
        Set<String> names = new TreeSet<>();
        CacheWalk.children(folder).forEach(path -> names.add(path.getFileName().toString()));
        return names;
    }

    /** Everything that was requested is cached and whole. */
    void assertCached(Handle handle) throws IOException {
        Optional<CachedVariant> found = find(handle);
        assertTrue(found.isPresent() && found.get().status() == Status.CACHED, () -> handle + " is " + found);
        Entry entry = found.get().entry();
        assertSamePayload(handle);
        Optional<CopyRecord> record = new CopyRecords(layout).get(handle);
        assertEquals(Optional.of(cache.relativize(entry.payload()).toString()), record.map(CopyRecord::entry));
    }

    /** The payload that is in the cache, whatever its status, is that of the repository. */
    void assertSamePayload(Handle handle) throws IOException {
        TreeAssert.assertSameTree(payload(handle.name()), find(handle).orElseThrow().entry().payload());
    }

    /** Everything that was requested is cached, and nothing is left over of how it came there. */
    void assertCachedAndTidy(List<Handle> handles) throws Exception {
        awaitServed();
        for (Handle handle : handles) {
            Await.until(handle + " is cached", () -> isCached(handle));
        }
        Await.until("all that was retired is purged", Await.LONG, () -> names(layout.toDelete()) + "\n" + log(),
                () -> names(layout.toDelete()).isEmpty());
        assertTidy(handles.size());
        for (Handle handle : handles) {
            assertCached(handle);
        }
    }

    /** Nothing is left over; there are so many entries in the cache. */
    void assertTidy(int entries) throws Exception {
        Await.until("nothing is staged", () -> names(layout.staging()).isEmpty());
        Await.until("the lock is free", Await.LONG, () -> names(layout.sys()).toString(),
                () -> names(layout.sys()).equals(Set.of("log", "pending", "rez-pkg-cached", "to_delete")));
        assertEquals(Set.of(), names(layout.incoming()));
        Await.until("no note is left", () -> names(layout.deferred()).isEmpty());
        List<String> found = new ArrayList<>();
        for (Path hashDirectory : CacheWalk.hashDirectories(layout)) {
            names(hashDirectory).forEach(name -> found.add(hashDirectory.getParent().getParent().getFileName() + " "
                    + name));
        }
        assertEquals(2 * entries, found.size(), found::toString);
        assertTrue(found.stream().noneMatch(name -> name.contains(Entry.MARKER_PREFIX)), found::toString);
    }

    /** How many names there are anywhere below a folder. */
    static long count(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.count() - 1;
        }
    }
}
