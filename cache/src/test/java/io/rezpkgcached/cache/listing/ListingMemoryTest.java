package io.rezpkgcached.cache.listing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.Entry;
import io.rezpkgcached.cache.layout.IndexFile;
import io.rezpkgcached.cache.layout.OurFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListingMemoryTest {
    private static final Instant NOW = Instant.parse("2026-10-01T12:00:00Z");

    @TempDir
    Path folder;

    private CacheLayout layout;

    @BeforeEach
    void makeCache() throws IOException {
        layout = CacheLayout.of(Files.createDirectory(folder.resolve("cache")));
        OurFolder.prepare(layout);
    }

    private Handle handle(String name, String version) {
        return Handle.of(folder + "/packages", name, Optional.of(version), OptionalInt.of(0));
    }

    private Entry cached(Handle handle, String increment) throws IOException {
        Entry entry = new Entry(Files.createDirectories(layout.hashDirectory(handle)), increment);
        Files.writeString(entry.index(), IndexFile.text(handle, List.of()));
        return entry;
    }

    /** Gives all folders a time that is long ago, each its own. */
    private void settle() throws IOException {
        try (Stream<Path> paths = Files.walk(layout.root())) {
            int number = 0;
            for (Path path : paths.filter(path -> !path.startsWith(layout.sys())).toList()) {
                Files.setLastModifiedTime(path, FileTime.from(NOW.minusSeconds(1000 - number++)));
            }
        }
    }

    private List<String> list() throws IOException {
        return new Listing(layout, InstantSource.fixed(NOW)).list().stream().map(ListedVariant::toString).toList();
    }

    private List<String> listAnew() throws IOException {
        Files.deleteIfExists(layout.listing());
        return list();
    }

    /** Whether the next listing takes the package from the memory, shown by an index that was changed in place. */
    private boolean isRemembered(Entry entry) throws IOException {
        String index = Files.readString(entry.index());
        Files.writeString(entry.index(), "");
        boolean listed = list().toString().contains(entry.payload().toString());
        Files.writeString(entry.index(), index);
        return listed;
    }

    @Test
    void list_nothingChanged_isTheSameFromMemory() throws IOException {
        Entry foo = cached(handle("foo", "1"), "a");
        cached(handle("foo", "2"), "a");
        cached(handle("bar", "1 and a blank"), "a");
        cached(Handle.of("/svr/packages", "none", Optional.empty(), OptionalInt.empty()), "a");
        settle();
        List<String> first = list();
        assertTrue(isRemembered(foo));
        assertEquals(first, list());
        assertEquals(first, listAnew());
        assertEquals(4, first.size());
    }

    @Test
    void handle_remembered_isReadWhenAskedFor() throws IOException {
        Handle foo = handle("foo", "1");
        cached(foo, "a");
        settle();
        list();
        assertEquals(foo, new Listing(layout, InstantSource.fixed(NOW)).list().getFirst().handle());
    }

    @Test
    void list_changeInAnyFolderOfAPackage_isSeen() throws IOException {
        Entry foo = cached(handle("foo", "1"), "a");
        settle();
        list();
        cached(handle("foo", "2"), "a");
        assertEquals(2, list().size());
        settle();
        list();
        cached(handle("foo", "2"), "b");
        Files.writeString(foo.marker(), "");
        assertEquals(listAnew(), list());
        settle();
        list();
        Files.delete(foo.marker());
        Files.delete(foo.index());
        assertEquals(1, list().size());
        settle();
        list();
        try (Stream<Path> gone = Files.walk(layout.root().resolve("foo"))) {
            for (Path path : gone.toList().reversed()) {
                Files.delete(path);
            }
        }
        assertEquals(List.of(), list());
    }

    @Test
    void list_folderThatHasJustChanged_isNotRemembered() throws IOException {
        Entry foo = cached(handle("foo", "1"), "a");
        settle();
        Files.setLastModifiedTime(foo.hashDirectory(), FileTime.from(NOW.minusMillis(1500)));
        list();
        assertFalse(isRemembered(foo));
    }

    @Test
    void list_copyingOrBrokenIndex_isNotRemembered() throws IOException {
        Entry copying = cached(handle("copying", "1"), "a");
        Files.writeString(copying.marker(), "");
        Entry whole = cached(handle("broken", "1"), "a");
        Files.writeString(new Entry(whole.hashDirectory(), "b").index(), "");
        settle();
        list();
        assertFalse(isRemembered(copying));
        assertFalse(isRemembered(whole));
    }

    @Test
    void list_memoryOfAnotherKind_isIgnored() throws IOException {
        cached(handle("foo", "1"), "a");
        settle();
        List<String> listed = list();
        String memory = Files.readString(layout.listing());
        for (String bad : List.of("", "x", "\n\n", "rez-pkg-cached listing 2\nD 1\tfoo\n\n",
                memory.substring(0, memory.length() - 1), memory.substring(0, 40))) {
            Files.writeString(layout.listing(), bad);
            assertEquals(listed, list());
        }
        Files.write(layout.listing(), new byte[]{(byte) 0xff});
        assertEquals(listed, list());
    }

    @Test
    void list_pendingThatIsCached_isListedOnce() throws IOException {
        Handle foo = handle("foo", "1");
        cached(foo, "a");
        settle();
        list();
        Files.writeString(layout.pending().resolve("foo-1-x.json"), foo.toJson());
        assertEquals(1, list().size());
    }
}
