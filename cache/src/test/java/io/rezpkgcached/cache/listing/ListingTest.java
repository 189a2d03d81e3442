package io.rezpkgcached.cache.listing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.Entry;
import io.rezpkgcached.cache.layout.IndexFile;
import io.rezpkgcached.cache.layout.OurFolder;
import io.rezpkgcached.cache.layout.Status;
import io.rezpkgcached.cache.records.CopyRecord;
import io.rezpkgcached.cache.records.CopyRecords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListingTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    @TempDir
    Path folder;

    private CacheLayout layout;

    @BeforeEach
    void makeCache() throws IOException {
        layout = CacheLayout.of(Files.createDirectory(folder.resolve("cache")));
        OurFolder.prepare(layout);
    }

    private List<ListedVariant> list() throws IOException {
        return new Listing(layout, InstantSource.fixed(NOW)).list();
    }

    private Handle handle(String name) {
        return Handle.of(folder + "/packages", name, Optional.of("1.0"), OptionalInt.of(0));
    }

    private ListedVariant cached(Handle handle, String increment) throws IOException {
        Entry entry = new Entry(Files.createDirectories(layout.hashDirectory(handle)), increment);
        Files.writeString(entry.index(), IndexFile.text(handle, List.of()));
        return new ListedVariant(Status.CACHED, handle, uri(handle, "package.py"), Optional.of(entry.payload()));
    }

    private String uri(Handle handle, String file) {
        return folder + "/packages/" + handle.name() + "/1.0/" + file + "[0]";
    }

    private void define(Handle handle, String file) throws IOException {
        Files.createDirectories(folder.resolve("packages/" + handle.name() + "/1.0"));
        Files.createFile(folder.resolve("packages/" + handle.name() + "/1.0/" + file));
    }

    @Test
    void list_names_byCodePointNotByUtf16() throws IOException {
        ListedVariant astral = cached(handle("\ud83d\ude00"), "a");
        ListedVariant last = cached(handle("\uff5a"), "a");
        ListedVariant lower = cached(handle("a"), "a");
        ListedVariant upper = cached(handle("B"), "a");
        assertEquals(List.of(upper, lower, last, astral), list());
    }

    @Test
    void list_whatIsNoFolder_isPassedOver() throws Exception {
        ListedVariant cached = cached(handle("a"), "a");
        Files.createDirectories(layout.root().resolve("b/1.0"));
        Files.createDirectories(layout.root().resolve("c"));
        for (String place : List.of("pipe", "c/1.0", "b/1.0/abcd")) { // to open it would wait for a writer
            assertEquals(0, new ProcessBuilder("mkfifo", layout.root().resolve(place).toString()).start().waitFor());
        }
        Files.createSymbolicLink(layout.root().resolve("b/device"), Path.of("/dev/tty"));
        assertEquals(List.of(cached), assertTimeoutPreemptively(Duration.ofSeconds(30), this::list));
    }

    @Test
    void list_statuses_beforeNames() throws IOException {
        ListedVariant cached = cached(handle("z"), "a");
        ListedVariant copying = cached(handle("y"), "a");
        ListedVariant stalled = cached(handle("x"), "a");
        Handle pending = handle("a");
        Files.writeString(layout.hashDirectory(copying.handle()).resolve(".copying-a"), "");
        Files.setLastModifiedTime(layout.hashDirectory(copying.handle()).resolve(".copying-a"), FileTime.from(NOW));
        Files.writeString(layout.hashDirectory(stalled.handle()).resolve(".copying-a"), "");
        Files.setLastModifiedTime(layout.hashDirectory(stalled.handle()).resolve(".copying-a"),
                FileTime.from(NOW.minusSeconds(6)));
        Files.writeString(layout.pending().resolve("a-1.0-x.json"), pending.toJson());
        assertEquals(List.of(cached,
                new ListedVariant(Status.COPYING, copying.handle(), copying.uri(), copying.payload().map(Path::of)),
                new ListedVariant(Status.STALLED, stalled.handle(), stalled.uri(), stalled.payload().map(Path::of)),
                new ListedVariant(Status.PENDING, pending, uri(pending, "package.py"), Optional.empty())), list());
    }

    @Test
    void list_twoEntriesOfOneHandle_once() throws IOException {
        Handle foo = handle("foo");
        cached(foo, "a");
        Files.writeString(layout.hashDirectory(foo).resolve(".copying-a"), "");
        ListedVariant usable = cached(foo, "b");
        assertEquals(List.of(usable), list());
    }

    @Test
    void list_requests_onceEachAndNotWhatIsCached() throws Exception {
        Handle foo = handle("foo");
        Handle bar = handle("bar");
        ListedVariant cached = cached(foo, "a");
        Files.writeString(layout.pending().resolve("foo-1.0-1.json"), foo.toJson());
        Files.writeString(layout.pending().resolve("bar-1.0-1.json"), bar.toJson());
        Files.writeString(layout.pending().resolve(".hidden"), " " + bar.toJson());
        Files.writeString(layout.pending().resolve("broken"), "{");
        Files.createDirectory(layout.pending().resolve("folder"));
        assertEquals(0, new ProcessBuilder("mkfifo", layout.pending().resolve("pipe").toString()).start().waitFor());
        assertEquals(List.of(cached,
                new ListedVariant(Status.PENDING, bar, uri(bar, "package.py"), Optional.empty())), list());
    }

    @Test
    void list_brokenIndexes_leftOut() throws IOException {
        ListedVariant foo = cached(handle("foo"), "b");
        Files.writeString(layout.hashDirectory(foo.handle()).resolve("a.json"), "");
        Files.createDirectory(layout.hashDirectory(foo.handle()).resolve("c.json"));
        Files.writeString(layout.root().resolve("notes.txt"), "");
        Files.writeString(Files.createDirectories(layout.root().resolve("bar")).resolve("notes.txt"), "");
        assertEquals(List.of(foo), list());
    }

    @Test
    void list_noFolderOfOurs_works() throws IOException {
        layout = CacheLayout.of(Files.createDirectory(folder.resolve("empty")));
        assertEquals(List.of(), list());
    }

    @Test
    void uri_definitionFileThatIsThere_isNamed() throws IOException {
        VariantNames names = new VariantNames(layout);
        Handle foo = handle("foo");
        assertEquals(uri(foo, "package.py"), names.uri(foo));
        define(foo, "package.yaml");
        assertEquals(uri(foo, "package.yaml"), names.uri(foo));
        define(foo, "package.py");
        assertEquals(uri(foo, "package.py"), names.uri(foo));
        assertEquals("/svr/packages/bar/package.py[]",
                names.uri(Handle.of("/svr/packages", "bar", Optional.empty(), OptionalInt.empty())));
    }

    @Test
    void uri_packageGone_asTheRecordHasIt() throws IOException {
        Handle foo = handle("foo");
        CopyRecord record = new CopyRecord(foo, "foo/1.0/abcd/a", uri(foo, "package.yaml"), "/svr/packages/foo/1.0/x",
                List.of(), 1, 1, 0, 1, NOW, Duration.ZERO, NOW);
        new CopyRecords(layout).put(record);
        assertEquals(uri(foo, "package.yaml"), new VariantNames(layout).uri(foo));
        define(foo, "package.py");
        assertEquals(uri(foo, "package.py"), new VariantNames(layout).uri(foo));
    }
}
