package io.rezpkgcached.cache.clean;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.Entry;
import io.rezpkgcached.cache.layout.IndexFile;
import io.rezpkgcached.cache.records.CopyRecords;
import io.rezpkgcached.cache.testing.TestCache;
import io.rezpkgcached.cache.testing.TreeAssert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a killed process left of an entry, and what a clean makes of it. */
class HealingTest {
    private final FileTime used = FileTime.from(Instant.now().minus(Duration.ofHours(5)));
    private static final String REWRITTEN = "its index could not be read and was written again from the record of the"
            + " copy";

    @TempDir
    Path dir;
    private TestCache cache;
    private Handle handle;
    private final List<CleanEvent> events = new ArrayList<>();

    @BeforeEach
    void makeCache() throws IOException {
        cache = TestCache.in(dir);
        handle = cache.handle("foo", "1.0");
    }

    private void clean() throws Exception {
        assertTrue(new Cleaner(cache.layout(), cache.lock(), InstantSource.system(), events::add)
                .clean(Optional.of(Duration.ofDays(1)), Optional.of(Duration.ofSeconds(20))));
    }

    /** A cached entry whose index holds this instead. */
    private Entry putWithIndex(String content) throws IOException {
        Entry entry = cache.putCached(handle, Duration.ZERO);
        Files.writeString(entry.index(), content);
        Files.setLastModifiedTime(entry.index(), used);
        return entry;
    }

    private void assertRemoved(Entry entry, String why, boolean hadPayload) throws Exception {
        clean();
        assertEquals(List.of(), cache.visible());
        assertEquals(TestCache.nothing(), cache.leftovers());
        assertEquals(new CleanEvent.Mended(entry.payload(), "removed: " + why), events.getFirst());
        assertEquals(hadPayload ? 2 : 1, events.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{\"handle\": {\"key\": \"files", "[]", "null", "{}", "{\"handle\": 5}",
            "{\"handle\": {}}"})
    void clean_indexThatStopsRezWithARecord_isWrittenAgainWithTheTimeOfLastUse(String content) throws Exception {
        Entry entry = putWithIndex(content);
        new CopyRecords(cache.layout()).put(cache.record(handle, entry));
        clean();
        assertEquals(List.of(new CleanEvent.Mended(entry.payload(), REWRITTEN)), events);
        assertEquals(IndexFile.text(handle, List.of()), Files.readString(entry.index()));
        assertEquals(used, Files.getLastModifiedTime(entry.index()));
        assertEquals("found", cache.rezSays(handle));
        assertEquals(List.of("a", "a.json"), TestCache.names(entry.hashDirectory()));
        assertEquals(TestCache.nothing(), cache.leftovers());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{\"handle\": {\"key\": \"files", "[]", "null", "{}", "{\"handle\": 5}"})
    void clean_indexThatStopsRezWithoutARecord_isRemovedWithItsPayload(String content) throws Exception {
        assertRemoved(putWithIndex(content), "its index could not be read", true);
    }

    @Test
    void clean_indexThatStopsRezWithARecordOfAnotherEntry_isRemoved() throws Exception {
        Entry entry = putWithIndex("");
        new CopyRecords(cache.layout()).put(cache.record(handle, new Entry(entry.hashDirectory(), "b")));
        assertRemoved(entry, "its index could not be read", true);
    }

    @Test
    void clean_indexThatStopsRezWhileItsCopyIsMarked_isRemoved() throws Exception {
        Entry entry = putWithIndex("");
        Files.createFile(entry.marker());
        new CopyRecords(cache.layout()).put(cache.record(handle, entry));
        assertRemoved(entry, "its index could not be read", true);
    }

    @Test
    void clean_indexOfAVariantOfAnotherKindOfRepository_isLeftAlone() throws Exception {
        Entry entry = putWithIndex("{\"handle\": {\"key\": \"studio.variant\", \"variables\": {\"repository_type\":"
                + " \"studio\", \"location\": \"db\", \"name\": \"foo\", \"index\": null}}}");
        Map<String, String> before = TreeAssert.describe(entry.hashDirectory());
        clean();
        assertEquals(before, TreeAssert.describe(entry.hashDirectory()));
        assertEquals(List.of(), events);
    }

    @Test
    void clean_indexWithoutPayload_isRemoved() throws Exception {
        assertRemoved(cache.putIndex(handle), "an index without a payload", false);
    }

    @Test
    void clean_payloadWithoutIndex_isRemoved() throws Exception {
        Entry entry = cache.putCached(handle, Duration.ZERO);
        Files.delete(entry.index());
        assertRemoved(entry, "no index named it", true);
    }

    @Test
    void clean_markerWithoutIndex_isRemoved() throws Exception {
        Entry entry = cache.entryFor(handle);
        Files.createFile(entry.marker());
        assertRemoved(entry, "no index named it", false);
    }

    @Test
    void clean_emptyIndexAndFreshMarkerAsRezLeavesThemWhenKilled_areRemoved() throws Exception {
        Entry entry = cache.entryFor(handle);
        Files.createFile(entry.marker());
        Files.createFile(entry.index());
        assertRemoved(entry, "its index could not be read", false);
    }

    @Test
    void clean_brokenBesideWholeEntries_touchesOnlyTheBroken() throws Exception {
        Entry whole = cache.putCached(handle, Duration.ofHours(1));
        Entry broken = cache.putIndex(cache.handle("foo", "1.0"));
        Files.writeString(broken.index(), "");
        Map<String, String> before = TreeAssert.describe(whole.payload());
        clean();
        assertEquals(List.of("a", "a.json"), TestCache.names(whole.hashDirectory()));
        assertEquals(before, TreeAssert.describe(whole.payload()));
    }

    @Test
    void clean_namesThatBelongToNobody_stay() throws Exception {
        Entry entry = cache.putCached(handle, Duration.ZERO);
        Files.writeString(entry.hashDirectory().resolve("NOTES.txt"), "x");
        Files.writeString(cache.layout().root().resolve("README"), "x");
        Files.writeString(cache.layout().root().resolve("foo/README"), "x");
        List<String> before = cache.visible();
        clean();
        assertEquals(before, cache.visible());
        assertEquals(List.of(), events);
    }
}
