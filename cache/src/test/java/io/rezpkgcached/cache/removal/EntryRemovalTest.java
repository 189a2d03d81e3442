package io.rezpkgcached.cache.removal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.Entry;
import io.rezpkgcached.cache.testing.TestCache;
import io.rezpkgcached.cache.testing.TreeAssert;
import io.rezpkgcached.cache.testing.Unprivileged;
import io.rezpkgcached.cache.testing.Unprivileged.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EntryRemovalTest {
    private static final String HEX = "[0-9a-f]{32}";

    @TempDir
    Path dir;
    private TestCache cache;
    private EntryRemoval removal;

    @BeforeEach
    void makeCache() throws IOException {
        cache = TestCache.in(dir);
        removal = new EntryRemoval(cache.layout());
    }

    private String retired() throws IOException {
        List<String> names = TestCache.names(cache.layout().toDelete());
        assertEquals(1, names.size());
        return names.getFirst();
    }

    @Test
    void take_onlyEntryOfItsPackage_retiresThePayloadAndPrunesUpToThePackage() throws Exception {
        Entry entry = cache.putCached(cache.handle("foo", "1.0"), Duration.ZERO);
        Map<String, String> payload = TreeAssert.describe(entry.payload());
        removal.take(entry);
        assertEquals(List.of(), cache.visible());
        assertTrue(Files.isDirectory(cache.layout().root()));
        assertTrue(retired().matches("foo-1\\.0-" + HEX), retired());
        assertEquals(payload, TreeAssert.describe(cache.layout().toDelete().resolve(retired())));
    }

    @Test
    void take_packageWithoutVersion_isNamedWithoutOne() throws Exception {
        Entry entry = cache.putCached(
                Handle.of(cache.repository().toString(), "foo", Optional.empty(), OptionalInt.empty()), Duration.ZERO);
        removal.take(entry);
        assertTrue(retired().matches("foo-" + HEX), retired());
        assertEquals(List.of(), cache.visible());
    }

    @Test
    void take_neighbours_stay() throws Exception {
        Handle handle = cache.handle("foo", "1.0");
        Entry entry = cache.putCached(handle, Duration.ZERO);
        Entry inSameHash = cache.putCached(handle, Duration.ZERO);
        removal.take(entry);
        assertEquals(List.of("b", "b.json"), TestCache.names(entry.hashDirectory()));
        Entry inSamePackage = cache.putCached(cache.handle("foo", "2.0"), Duration.ZERO);
        removal.take(inSameHash);
        assertEquals(List.of("2.0"), TestCache.names(cache.layout().root().resolve("foo")));
        assertTrue(Files.exists(inSamePackage.payload()));
    }

    @Test
    void take_stalledEntry_goesWithItsMarker() throws Exception {
        removal.take(cache.putCopying(cache.handle("foo", "1.0"), Duration.ofHours(1)));
        assertEquals(List.of(), cache.visible());
        assertTrue(retired().startsWith("foo-1.0-"));
    }

    @Test
    void take_partsOfAnEntry_go() throws Exception {
        for (int parts = 0; parts < 8; parts++) {
            Entry entry = cache.entryFor(cache.handle("foo", "1.0"));
            if ((parts & 1) != 0) {
                Files.createDirectory(entry.payload());
            }
            if ((parts & 2) != 0) {
                Files.createFile(entry.index());
            }
            if ((parts & 4) != 0) {
                Files.createFile(entry.marker());
            }
            removal.take(entry);
            assertEquals(List.of(), cache.visible());
        }
        assertEquals(TestCache.nothing(), cache.leftovers());
    }

    @Test
    void take_payloadThatCannotBeMoved_hasLostItsIndexFirst() throws Exception {
        Entry entry = cache.putCached(cache.handle("foo", "1.0"), Duration.ZERO);
        Files.delete(cache.layout().toDelete());
        Files.createFile(cache.layout().toDelete()); // no folder to retire to
        assertThrows(IOException.class, () -> removal.take(entry));
        assertEquals(List.of("a"), TestCache.names(entry.hashDirectory()));
        assertEquals("not found", cache.rezSays(cache.handle("foo", "1.0")));
    }

    /** Takes the entry of foo-1.0 that is named a. */
    static final class Program {
        public static void main(String[] arguments) throws Exception {
            TestCache cache = TestCache.in(Path.of(arguments[0]));
            new EntryRemoval(cache.layout())
                    .take(new Entry(cache.layout().hashDirectory(cache.handle("foo", "1.0")), "a"));
            System.out.println(cache.visible());
        }
    }

    private static void setMode(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    @Test
    void take_readOnlyPayloadAsItsOwner_isRetired() throws Exception {
        Entry entry = cache.putCached(cache.handle("foo", "1.0"), Duration.ZERO);
        setMode(entry.payload().resolve("lib"), "r-xr-xr-x");
        setMode(entry.payload(), "r-xr-xr-x");
        Unprivileged.own(dir);
        assertEquals(new Outcome(0, "[]\n"), Unprivileged.run(Program.class, dir.toString()));
        assertEquals(List.of("lib", "link", "tool"),
                TestCache.names(cache.layout().toDelete().resolve(retired())));
        // so that the temporary folder can be deleted by whoever runs this
        setMode(cache.layout().toDelete().resolve(retired()).resolve("lib"), "rwxr-xr-x");
    }

    @Test
    void take_versionFolderThatCannotBeChanged_leavesItEmptyHashDirectory() throws Exception {
        Entry entry = cache.putCached(cache.handle("foo", "1.0"), Duration.ZERO);
        Unprivileged.own(dir);
        Path version = entry.hashDirectory().getParent();
        setMode(version, "r-xr-xr-x");
        assertEquals(new Outcome(0, "[foo/, foo/1.0/, foo/1.0/" + entry.hashDirectory().getFileName() + "/]\n"),
                Unprivileged.run(Program.class, dir.toString()));
        setMode(version, "rwxr-xr-x");
    }
}
