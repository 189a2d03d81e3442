package io.rezpkgcached.cache.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.json.Json;
import io.rezpkgcached.cache.testing.CacheFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VariantLookupTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00.250Z");
    private static final Handle FOO = Handle.of("/svr/packages", "foo", Optional.of("1.0"), OptionalInt.of(0));

    @TempDir
    Path cache;

    private CacheLayout layout;
    private VariantLookup lookup;
    private Path folder;

    @BeforeEach
    void makeCache() throws IOException {
        layout = CacheLayout.of(cache);
        lookup = new VariantLookup(layout, InstantSource.fixed(NOW));
        folder = Files.createDirectories(layout.hashDirectory(FOO));
    }

    private Entry entry(String increment, Handle handle) throws IOException {
        Entry entry = new Entry(folder, increment);
        Files.writeString(entry.index(), IndexFile.text(handle, List.of()));
        return entry;
    }

    private void mark(Entry entry, Instant touched) throws IOException {
        Files.setLastModifiedTime(Files.writeString(entry.marker(), ""), FileTime.from(touched));
    }

    @Test
    void status_ageOfMarker_stalledOnlyAfterFiveSeconds() throws IOException {
        Entry entry = entry("a", FOO);
        Map<String, Status> found = new TreeMap<>();
        for (long millis : new long[]{-86_400_000, -1, 0, 4999, 5000, 5001, 86_400_000}) {
            mark(entry, NOW.minusMillis(millis));
            found.put(Long.toString(millis), lookup.status(entry));
        }
        assertEquals(Map.of("-86400000", Status.COPYING, "-1", Status.COPYING, "0", Status.COPYING, "4999",
                Status.COPYING, "5000", Status.COPYING, "5001", Status.STALLED, "86400000", Status.STALLED), found);
        Files.delete(entry.marker());
        assertEquals(Status.CACHED, lookup.status(entry));
        Files.createSymbolicLink(entry.marker(), Path.of("nowhere"));
        assertEquals(Status.CACHED, lookup.status(entry)); // os.path.exists
    }

    @Test
    void find_twoEntriesOfOneHandle_theMoreUsable() throws IOException {
        Entry aa = entry("aa", FOO);
        mark(aa, NOW.minusSeconds(60));
        assertEquals(Optional.of(new CachedVariant(FOO, aa, Status.STALLED)), lookup.find(FOO));
        Entry z = entry("z", FOO);
        mark(z, NOW.minusSeconds(60));
        assertEquals(Optional.of(new CachedVariant(FOO, z, Status.STALLED)), lookup.find(FOO));
        mark(aa, NOW);
        assertEquals(Optional.of(new CachedVariant(FOO, aa, Status.COPYING)), lookup.find(FOO));
        Files.delete(z.marker());
        assertEquals(Optional.of(new CachedVariant(FOO, z, Status.CACHED)), lookup.find(FOO));
    }

    @Test
    void order_allKinds_statusThenLengthThenName() throws IOException {
        List<CachedVariant> expected = new ArrayList<>();
        for (Status status : List.of(Status.CACHED, Status.COPYING, Status.STALLED)) {
            for (String increment : List.of("a", "b", "z", "aa", "ab", "aaa")) {
                expected.add(new CachedVariant(FOO, new Entry(folder, increment), status));
            }
        }
        List<CachedVariant> shuffled = new ArrayList<>(expected);
        Collections.reverse(shuffled);
        shuffled.sort(VariantLookup.order());
        assertEquals(expected, shuffled);
    }

    @Test
    void find_otherHandlesInItsFolder_onlyTheSameOne() throws IOException {
        entry("a", Handle.of("/svr/packages", "foo", Optional.of("1.0"), OptionalInt.of(1)));
        entry("b", Handle.of("/svr/packages", "foo", Optional.of("1.0"), OptionalInt.empty()));
        assertEquals(Optional.empty(), lookup.find(FOO));
        Entry c = entry("c", FOO);
        assertEquals(Optional.of(new CachedVariant(FOO, c, Status.CACHED)), lookup.find(FOO));
    }

    @Test
    void find_markerWithoutIndex_empty() throws IOException {
        mark(new Entry(folder, "a"), NOW);
        assertEquals(Optional.empty(), lookup.find(FOO));
        Files.delete(folder.resolve(".copying-a"));
        Files.delete(folder);
        assertEquals(Optional.empty(), lookup.find(FOO));
    }

    @Test
    void entries_brokenIndexes_leftOut() throws Exception {
        Files.writeString(folder.resolve("a.json"), "");
        Files.writeString(folder.resolve("b.json"), "{\"handle\": {\"key\": ");
        Files.writeString(folder.resolve("c.json"), "[]");
        Files.createDirectory(folder.resolve("d.json"));
        Files.createSymbolicLink(folder.resolve("e.json"), Path.of("nowhere"));
        assertEquals(0, new ProcessBuilder("mkfifo", folder.resolve("f.json").toString()).start().waitFor());
        Entry good = entry("g", FOO);
        assertEquals(List.of(new CachedVariant(FOO, good, Status.CACHED)), lookup.entries(folder));
    }

    @Test
    void find_fixture_statusOfEach() throws Exception {
        CacheLayout fixture = CacheLayout.of(CacheFixture.unpack(cache.resolve("fixture"), NOW));
        VariantLookup fixtureLookup = new VariantLookup(fixture, InstantSource.fixed(NOW));
        Map<String, Status> found = new TreeMap<>();
        for (Path hashDirectory : CacheWalk.hashDirectories(fixture)) {
            for (CachedVariant variant : fixtureLookup.entries(hashDirectory)) {
                assertEquals(Optional.of(variant), fixtureLookup.find(variant.handle()));
                found.put(variant.handle().qualifiedName(), variant.status());
            }
        }
        assertEquals(Map.of("Flask-1.1.2", Status.CACHED, "Jinja2-2.11.2", Status.CACHED, "Werkzeug-1.0.1",
                Status.CACHED, "arch-x86_64", Status.CACHED, "click-7.1.2", Status.CACHED, "platform-linux",
                Status.CACHED, "python-3.7.4", Status.COPYING, "MarkupSafe-1.1.1", Status.STALLED), found);
    }

    /** Each entry has its index only while it has its marker, whoever looks at whatever moment. */
    @Test
    void find_whileEntriesAreMadeAndTaken_neverCached() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        Path made = cache.resolve("made");
        CompletableFuture<Void> others = CompletableFuture.runAsync(() -> {
            try {
                for (int i = 0; !done.get(); i++) {
                    Entry entry = new Entry(folder, Integer.toString(i));
                    Files.writeString(made, IndexFile.text(FOO, List.of()));
                    Files.createFile(entry.marker());
                    Files.move(made, entry.index());
                    Files.delete(entry.index());
                    Files.delete(entry.marker());
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        try {
            for (int i = 0; i < 5000; i++) {
                assertNotEquals(Optional.of(Status.CACHED), lookup.find(FOO).map(CachedVariant::status));
            }
        } finally {
            done.set(true);
            others.join();
        }
    }

    @Test
    void text_everyIndexOfFixture_asRezWroteIt() throws Exception {
        CacheLayout fixture = CacheLayout.of(CacheFixture.unpack(cache.resolve("fixture"), NOW));
        int compared = 0;
        for (Path hashDirectory : CacheWalk.hashDirectories(fixture)) {
            Path index = hashDirectory.resolve("a.json");
            Map<?, ?> object = (Map<?, ?>) Json.read(Files.readAllBytes(index));
            List<String> requirements = object.get("data") instanceof List<?> data
                    ? data.stream().map(String.class::cast).toList()
                    : List.of();
            assertEquals(Files.readString(index),
                    IndexFile.text(IndexFile.read(index).orElseThrow(), requirements));
            compared++;
        }
        assertEquals(8, compared);
    }
}
