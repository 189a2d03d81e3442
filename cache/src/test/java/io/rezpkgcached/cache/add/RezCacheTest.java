package io.rezpkgcached.cache.add;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.rezpkgcached.cache.clean.Cleaner;
import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.Entry;
import io.rezpkgcached.cache.publish.Step;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our entries in the eyes of a real rez, and its entries in ours. */
@Tag("rez")
class RezCacheTest {
    @TempDir
    Path dir;
    private TestCache cache;
    private Handle handle;
    private Path source;
    private Adding adding;
    private RezProcess rez;

    @BeforeEach
    void startRez() throws IOException {
        cache = TestCache.in(dir);
        source = cache.makePackage("foo", "1.0");
        handle = cache.handle("foo", "1.0");
        adding = Adding.to(cache);
        rez = new RezProcess(cache, Map.of());
    }

    @AfterEach
    void stopRez() throws IOException {
        rez.close();
    }

    private boolean clean(Optional<Duration> unusedFor) throws Exception {
        return new Cleaner(cache.layout(), cache.lock(), InstantSource.system(), _ -> {}).clean(unusedFor,
                Optional.empty());
    }

    private Entry entry() {
        return new Entry(cache.layout().hashDirectory(handle), "a");
    }

    @Test
    void add_atEachStep_rezSaysNotFoundThenCopyingThenFound() throws Exception {
        List<String> said = new ArrayList<>();
        adding.observedBy(step -> {
            String status = rez.ask("status", handle);
            if (said.isEmpty() || !said.getLast().endsWith(status)) {
                said.add(step + " " + status);
            }
        }).add(handle);
        assertEquals(List.of("STAGED VARIANT_NOT_FOUND", "INDEXED VARIANT_COPYING", "UNMARKED VARIANT_FOUND"), said);
        assertEquals(source + "/package.py[] " + entry() + " VARIANT_FOUND", rez.ask("list"));
        assertEquals(entry().toString(), rez.ask("root", handle));
    }

    @Test
    void add_rezLooksDuringTheCopy_neitherRemovesNorAdds() throws Exception {
        List<String> said = new ArrayList<>();
        adding.observedBy(step -> {
            if (step == Step.COPIED) {
                said.addAll(List.of(rez.ask("remove", handle), rez.ask("add", handle), rez.ask("clean"),
                        rez.ask("root", handle), rez.ask("list")));
            }
        }).add(handle);
        assertEquals(List.of("VARIANT_COPYING", "VARIANT_COPYING", "None", "None",
                source + "/package.py[] " + entry() + " VARIANT_COPYING"), said);
        assertEquals("VARIANT_FOUND", rez.ask("add", handle));
        TreeAssert.assertSameTree(source, entry().payload());
    }

    @Test
    void add_payloadThatIsRefused_isStalledForRezWhichRemovesAndCleansIt() throws Exception {
        Path pipe = source.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        for (String command : List.of("remove", "clean")) {
            assertInstanceOf(AddOutcome.GivenUp.class, adding.add(handle));
            assertEquals("VARIANT_COPY_STALLED", rez.ask("status", handle));
            assertEquals("VARIANT_COPY_STALLED", rez.ask("add", handle));
            assertEquals(command.equals("remove") ? "VARIANT_REMOVED" : "None",
                    command.equals("remove") ? rez.ask(command, handle) : rez.ask(command));
            assertEquals(List.of(), cache.visible());
            rez.ask("clean");
            assertEquals(TestCache.nothing(), cache.leftovers());
        }
        Files.delete(pipe);
        assertInstanceOf(AddOutcome.Cached.class, adding.add(handle));
        assertEquals("VARIANT_FOUND", rez.ask("status", handle));
    }

    @Test
    void remove_byRezOfOurs_leavesNothingAndOurCleanSweepsTheRecord() throws Exception {
        adding.add(handle);
        assertEquals("VARIANT_REMOVED", rez.ask("remove", handle));
        assertEquals(List.of(), cache.visible());
        assertEquals("None", rez.ask("clean"));
        assertEquals(TestCache.nothing(), cache.leftovers());
        assertEquals(1, new CopyRecords(cache.layout()).all().size());
        clean(Optional.empty());
        assertEquals(List.of(), new CopyRecords(cache.layout()).all());
    }

    @Test
    void add_byRezAndByUs_areCachedForBoth() throws Exception {
        cache.makePackage("foo", "2.0");
        Handle second = cache.handle("foo", "2.0");
        adding.add(handle);
        assertEquals("VARIANT_CREATED", rez.ask("add", second));
        Entry theirs = new Entry(cache.layout().hashDirectory(second), "a");
        assertEquals(new AddOutcome.AlreadyCached(theirs), adding.add(second));
        assertEquals("VARIANT_FOUND", rez.ask("add", handle));
        List<String> before = cache.visible();
        clean(Optional.of(Duration.ofDays(1)));
        assertEquals(before, cache.visible());
        assertEquals(Files.readString(theirs.index()).replace("2.0", "1.0"), Files.readString(entry().index()));
    }

    @Test
    void clean_entryThatRezHasUsedSince_isKept() throws Exception {
        adding.add(handle);
        FileTime old = FileTime.from(Instant.now().minus(Duration.ofDays(9)));
        Files.setLastModifiedTime(entry().index(), old);
        rez.ask("root", handle);
        clean(Optional.of(Duration.ofDays(1)));
        assertEquals("VARIANT_FOUND", rez.ask("status", handle));
        Files.setLastModifiedTime(entry().index(), old);
        clean(Optional.of(Duration.ofDays(1)));
        assertEquals("VARIANT_NOT_FOUND", rez.ask("status", handle));
    }

    private void assertSameReason(Adding ours, Map<String, String> settings, Handle wanted) throws Exception {
        AddOutcome.Declined declined = assertInstanceOf(AddOutcome.Declined.class, ours.add(wanted));
        try (RezProcess other = new RezProcess(cache, settings)) {
            assertEquals(other.ask("add", wanted), "PackageCacheError: " + declined.reason());
        }
    }

    @Test
    void add_declined_hasRezsOwnWords() throws Exception {
        cache.makePackage("bar", "2", "variants = [['python-2.7']]\n");
        assertSameReason(adding, Map.of(), cache.handle("bar", "2", 0));
        assertSameReason(adding.notCachable(), Map.of("REZ_DEFAULT_CACHABLE", "0"), handle);
        assertSameReason(adding.notLocal(cache.repository()), Map.of("REZ_PACKAGE_CACHE_LOCAL", "0",
                "REZ_LOCAL_PACKAGES_PATH", cache.repository().toString()), handle);
        assertSameReason(adding.notSameDevice(), Map.of("REZ_PACKAGE_CACHE_SAME_DEVICE", "0"), handle);
        assertSameReason(adding.tmpdir(cache.folder()), Map.of("REZ_TMPDIR", cache.folder().toString()), handle);
    }

    @Test
    void clean_whatStopsRez_isMended() throws Exception {
        adding.add(handle);
        Map<String, String> errors = Map.of("", "JSONDecodeError", "{\"handle\": {\"key\"", "JSONDecodeError", "[]",
                "TypeError", "{}", "KeyError");
        for (Map.Entry<String, String> error : errors.entrySet()) {
            Files.writeString(entry().index(), error.getKey());
            String said = rez.ask("list");
            assertEquals(error.getValue(), said.substring(0, said.indexOf(':')));
            clean(Optional.empty());
            assertEquals(source + "/package.py[] " + entry() + " VARIANT_FOUND", rez.ask("list"));
        }
    }
}
