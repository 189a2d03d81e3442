package io.rezpkgcached.cache.clean;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.Entry;
import io.rezpkgcached.cache.layout.IndexFile;
import io.rezpkgcached.cache.lock.CacheLock;
import io.rezpkgcached.cache.records.CopyRecords;
import io.rezpkgcached.cache.spool.RequestNote;
import io.rezpkgcached.cache.spool.RequestNotes;
import io.rezpkgcached.cache.testing.Await;
import io.rezpkgcached.cache.testing.TestCache;
import io.rezpkgcached.cache.testing.TreeAssert;
import io.rezpkgcached.cache.testing.Unprivileged;
import io.rezpkgcached.cache.testing.Unprivileged.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CleanerTest {
    private static final Optional<Duration> DAY = Optional.of(Duration.ofDays(1));
    private static final Optional<Duration> NEVER = Optional.empty();
    private static final Optional<Duration> NO_LIMIT = Optional.empty();
    private static final Duration LONG_AGO = Duration.ofDays(30);

    @TempDir
    Path dir;
    private TestCache cache;
    private CopyRecords records;
    private RequestNotes failed;
    private final List<CleanEvent> events = new ArrayList<>();

    @BeforeEach
    void makeCache() throws IOException {
        cache = TestCache.in(dir);
        records = new CopyRecords(cache.layout());
        failed = new RequestNotes(cache.layout().failed());
    }

    private Cleaner cleaner(InstantSource time) {
        return new Cleaner(cache.layout(), cache.lock(), time, events::add);
    }

    private boolean clean(Optional<Duration> unusedFor, Optional<Duration> limit) throws Exception {
        return cleaner(InstantSource.system()).clean(unusedFor, limit);
    }

    private String uri(Handle handle) {
        return cache.repository() + "/" + handle.name() + "/" + handle.version().get() + "/package.py[]";
    }

    private static List<String> kinds(List<CleanEvent> events) {
        return events.stream().map(event -> event.getClass().getSimpleName()).toList();
    }

    @ParameterizedTest
    @ValueSource(longs = {86400_000, 86400_999, 86401_000, 86401_001})
    void clean_unusedForJustOverADay_goesByWholeSecondsAsInRez(long milliseconds) throws Exception {
        Instant now = Instant.parse("2026-05-06T07:08:09.5Z");
        Handle handle = cache.handle("foo", "1.0");
        Entry entry = cache.putCached(handle, Duration.ZERO);
        Files.setLastModifiedTime(entry.index(), FileTime.from(now.minusMillis(milliseconds)));
        assertTrue(cleaner(() -> now).clean(DAY, NO_LIMIT));
        boolean removed = milliseconds / 1000 > 86400; // int(now - mtime) > max_secs
        assertEquals(removed ? "not found" : "found", cache.rezSays(handle));
        assertEquals(removed ? List.of("RemovedUnused", "Deleted") : List.of(), kinds(events));
        if (removed) {
            assertEquals(new CleanEvent.RemovedUnused(handle, uri(handle)), events.getFirst());
        }
    }

    @Test
    void clean_withoutAgeLimit_removesNoCachedVariant() throws Exception {
        cache.putCached(cache.handle("foo", "1.0"), Duration.ofDays(10_000));
        List<String> before = cache.visible();
        assertTrue(clean(NEVER, NO_LIMIT));
        assertEquals(before, cache.visible());
        assertEquals(List.of(), events);
    }

    @Test
    void clean_removedVariant_losesItsRecordAndIsPurged() throws Exception {
        Handle old = cache.handle("foo", "1.0");
        Handle used = cache.handle("foo", "2.0");
        records.put(cache.record(old, cache.putCached(old, LONG_AGO)));
        records.put(cache.record(used, cache.putCached(used, Duration.ofHours(1))));
        assertTrue(clean(DAY, Optional.of(Duration.ofSeconds(20))));
        assertEquals(List.of(used), records.all().stream().map(found -> found.handle()).toList());
        assertEquals(List.of("RemovedUnused", "Deleted"), kinds(events));
        assertEquals(List.of("2.0"), TestCache.names(cache.layout().root().resolve("foo")));
        assertEquals(TestCache.nothing(), cache.leftovers());
    }

    @Test
    void clean_stalledVariant_goesOnlyWithoutLimitAndWithItsNote() throws Exception {
        Handle handle = cache.handle("foo", "1.0");
        cache.putCopying(handle, Duration.ofSeconds(30));
        failed.put(new RequestNote(handle, 3, "no such luck", Instant.EPOCH));
        assertTrue(clean(DAY, Optional.of(Duration.ofSeconds(20))));
        assertEquals("stalled", cache.rezSays(handle));
        assertEquals(1, failed.all().size());
        assertEquals(List.of(), events);
        assertTrue(clean(NEVER, NO_LIMIT));
        assertEquals(List.of(), cache.visible());
        assertEquals(List.of(), failed.all());
        assertEquals(new CleanEvent.RemovedStalled(handle, uri(handle)), events.getFirst());
        assertEquals(List.of("RemovedStalled", "Deleted"), kinds(events));
    }

    @Test
    void clean_variantBeingCopied_isNeverTouched() throws Exception {
        Handle handle = cache.handle("foo", "1.0");
        Entry entry = cache.putCopying(handle, Duration.ZERO);
        Files.setLastModifiedTime(entry.index(), FileTime.from(Instant.now().minus(LONG_AGO)));
        Files.setLastModifiedTime(entry.marker(), FileTime.from(Instant.now().plus(Duration.ofHours(1))));
        Map<String, String> before = TreeAssert.describe(cache.layout().root().resolve("foo"));
        assertTrue(clean(DAY, NO_LIMIT));
        assertEquals(before, TreeAssert.describe(cache.layout().root().resolve("foo")));
        assertEquals(List.of(), events);
    }

    @Test
    void clean_twoEntriesOfOneVariant_theFirstStays() throws Exception {
        Handle handle = cache.handle("foo", "1.0");
        Entry kept = cache.putCached(handle, Duration.ofHours(3));
        Entry spare = cache.putCached(handle, Duration.ZERO);
        assertTrue(clean(DAY, NO_LIMIT));
        assertEquals(List.of("a", "a.json"), TestCache.names(kept.hashDirectory()));
        assertEquals(new CleanEvent.RemovedSpare(handle, uri(handle), spare.payload()), events.getFirst());
        assertEquals(List.of("RemovedSpare", "Deleted"), kinds(events));
    }

    @Test
    void clean_spareThatIsBeingCopied_staysUntilItIsDone() throws Exception {
        Handle handle = cache.handle("foo", "1.0");
        Entry stalled = cache.putCopying(handle, LONG_AGO);
        Entry copying = cache.putCopying(handle, Duration.ZERO);
        Files.setLastModifiedTime(copying.marker(), FileTime.from(Instant.now().plus(Duration.ofHours(1))));
        assertTrue(clean(DAY, Optional.of(Duration.ofSeconds(20))));
        assertEquals(new CleanEvent.RemovedSpare(handle, uri(handle), stalled.payload()), events.getFirst());
        Files.delete(copying.marker());
        Entry third = cache.putCopying(handle, Duration.ZERO);
        Files.setLastModifiedTime(third.marker(), FileTime.from(Instant.now().plus(Duration.ofHours(1))));
        assertTrue(clean(DAY, NO_LIMIT));
        assertEquals(List.of(".copying-c", "b", "b.json", "c", "c.json"), TestCache.names(copying.hashDirectory()));
    }

    /** Cleans in another thread while the lock is held here, and does something when the clean waits for it. */
    private void cleanWhileLocked(Interference interference) throws Exception {
        try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
            Future<Boolean> ended;
            try (CacheLock.Held _ = new CacheLock(cache.layout(), _ -> {}).acquire()) {
                ended = executor.submit(() -> clean(DAY, NO_LIMIT));
                // Its own file beside ours and the lock: it has decided, and waits.
                Await.until(Duration.ofSeconds(10), "waiting for the lock",
                        () -> cache.leftovers().get("lock").size() == 3);
                interference.happen();
            }
            assertTrue(ended.get());
        }
    }

    @FunctionalInterface
    private interface Interference {
        void happen() throws Exception;
    }

    @Test
    void clean_variantUsedBetweenDecisionAndLock_isKept() throws Exception {
        Handle handle = cache.handle("foo", "1.0");
        Entry entry = cache.putCached(handle, LONG_AGO);
        cleanWhileLocked(() -> Files.setLastModifiedTime(entry.index(), FileTime.from(Instant.now())));
        assertEquals("found", cache.rezSays(handle));
        assertEquals(List.of(), events);
    }

    @Test
    void clean_variantRemovedBetweenDecisionAndLock_isNoError() throws Exception {
        Handle handle = cache.handle("foo", "1.0");
        Entry entry = cache.putCached(handle, LONG_AGO);
        cleanWhileLocked(() -> {
            Files.delete(entry.index());
            Files.move(entry.payload(), cache.layout().toDelete().resolve("foo-1.0-theirs"));
        });
        assertEquals(List.of(new CleanEvent.Deleted(cache.layout().toDelete().resolve("foo-1.0-theirs"))), events);
    }

    @Test
    void clean_entryThatRezIsMakingUnderTheLock_isNotTakenForBroken() throws Exception {
        Handle handle = cache.handle("foo", "1.0");
        Entry entry = cache.entryFor(handle);
        Files.createFile(entry.marker()); // a marker without an index, as between rez's steps 3 and 4
        cleanWhileLocked(() -> Files.writeString(entry.index(), IndexFile.text(handle, List.of())));
        assertEquals(List.of(), events);
        assertEquals(List.of(".copying-a", "a.json"), TestCache.names(entry.hashDirectory()));
    }

    @Test
    void clean_toDelete_purgesFoldersFilesAndLinks() throws Exception {
        Path outside = TestCache.makePayload(dir.resolve("outside"));
        Path toDelete = cache.layout().toDelete();
        TestCache.makePayload(toDelete.resolve("foo-1.0-0123"));
        Files.writeString(toDelete.resolve("file"), "x");
        Files.createSymbolicLink(toDelete.resolve("link"), outside);
        assertTrue(clean(NEVER, Optional.of(Duration.ofSeconds(20))));
        assertEquals(List.of(), TestCache.names(toDelete));
        assertEquals(List.of("lib", "link", "tool"), TestCache.names(outside));
        assertEquals(List.of("Deleted", "Deleted", "Deleted"), kinds(events));
    }

    /** Cleans without a limit and prints the events. */
    static final class Program {
        public static void main(String[] arguments) throws Exception {
            TestCache cache = TestCache.in(Path.of(arguments[0]));
            boolean all = new Cleaner(cache.layout(), cache.lock(), InstantSource.system(), System.out::println)
                    .clean(DAY, NO_LIMIT);
            System.out.println(all);
        }
    }

    private static void setMode(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    @Test
    void clean_whatCannotBeDeleted_isReportedAndTheRestGoes() throws Exception {
        Path theirs = TestCache.makePayload(cache.layout().toDelete().resolve("a-1.0-0123"));
        TestCache.makePayload(cache.layout().toDelete().resolve("b-1.0-0123"));
        Unprivileged.own(dir);
        setMode(cache.layout().toDelete(), "r-xr-xr-x");
        Outcome outcome = Unprivileged.run(Program.class, dir.toString());
        setMode(cache.layout().toDelete(), "rwxr-xr-x");
        List<String> lines = outcome.output().lines().sorted().toList();
        Path other = theirs.resolveSibling("b-1.0-0123");
        assertEquals(List.of("NotDeleted[path=" + theirs + ", reason=java.nio.file.AccessDeniedException: " + theirs
                + "]", "NotDeleted[path=" + other + ", reason=java.nio.file.AccessDeniedException: " + other + "]",
                "true"), lines);
        assertEquals(List.of(), TestCache.names(theirs));
    }

    @Test
    void clean_entryThatCannotBeTaken_isReportedAndTheNextIsCleaned() throws Exception {
        Entry closed = cache.putCached(cache.handle("closed", "1.0"), LONG_AGO);
        Entry unreadable = cache.putCached(cache.handle("secret", "1.0"), LONG_AGO);
        cache.putCached(cache.handle("zoo", "1.0"), LONG_AGO);
        Unprivileged.own(dir);
        setMode(closed.hashDirectory(), "r-xr-xr-x");
        setMode(unreadable.index(), "---------");
        Outcome outcome = Unprivileged.run(Program.class, dir.toString());
        setMode(closed.hashDirectory(), "rwxr-xr-x");
        List<String> lines = outcome.output().lines().toList();
        assertEquals(5, lines.size(), outcome.output());
        assertEquals("NotDeleted[path=" + closed.hashDirectory() + ", reason=java.nio.file.AccessDeniedException: "
                + closed.index() + "]", lines.get(0));
        assertEquals(
                "NotDeleted[path=" + unreadable.hashDirectory() + ", reason=java.nio.file.AccessDeniedException: "
                        + unreadable.index() + "]",
                lines.get(1));
        assertTrue(lines.get(2).startsWith("RemovedUnused["), lines.get(2));
        assertTrue(lines.get(3).startsWith("Deleted["), lines.get(3));
        assertEquals("true", lines.get(4));
        assertEquals("found", cache.rezSays(cache.handle("closed", "1.0")));
    }

    @Test
    void clean_packageFolderThatCannotBeRead_isReportedAndTheNextIsCleaned() throws Exception {
        cache.putCached(cache.handle("closed", "1.0"), LONG_AGO);
        cache.putCached(cache.handle("zoo", "1.0"), LONG_AGO);
        Unprivileged.own(dir);
        Path closed = cache.layout().root().resolve("closed");
        setMode(closed, "---------");
        Outcome outcome = Unprivileged.run(Program.class, dir.toString());
        setMode(closed, "rwxr-xr-x");
        List<String> lines = outcome.output().lines().toList();
        assertEquals(4, lines.size(), outcome.output());
        assertEquals("NotDeleted[path=" + closed + ", reason=java.nio.file.AccessDeniedException: " + closed + "]",
                lines.getFirst());
        assertEquals("not found", cache.rezSays(cache.handle("zoo", "1.0")));
    }

    @Test
    void clean_withoutLimit_sweepsRecordsAndNotesOfWhatOthersRemoved() throws Exception {
        Handle cached = cache.handle("foo", "1.0");
        Handle removed = cache.handle("foo", "2.0");
        Handle copiedAnew = cache.handle("foo", "3.0");
        Handle stalled = cache.handle("foo", "4.0");
        Entry entry = cache.putCached(cached, Duration.ZERO);
        records.put(cache.record(cached, entry));
        records.put(cache.record(removed, new Entry(cache.layout().hashDirectory(removed), "a")));
        Entry anew = cache.putCached(copiedAnew, Duration.ZERO);
        records.put(cache.record(copiedAnew, new Entry(anew.hashDirectory(), "b")));
        for (Handle handle : List.of(cached, removed, stalled)) {
            failed.put(new RequestNote(handle, 1, "reason", Instant.EPOCH));
        }
        cache.putCopying(stalled, LONG_AGO);

        assertTrue(clean(NEVER, Optional.of(Duration.ofSeconds(20))));
        assertEquals(List.of(3, 3), List.of(records.all().size(), failed.all().size()));

        Files.setLastModifiedTime(cache.layout().hashDirectory(stalled).resolve(".copying-a"),
                FileTime.from(Instant.now().plus(Duration.ofHours(1)))); // somebody goes on with it
        assertTrue(clean(NEVER, NO_LIMIT));
        assertEquals(List.of(cache.record(cached, entry)), records.all());
        assertEquals(List.of(stalled), failed.all().stream().map(RequestNote::handle).toList());
        assertEquals(List.of(), events);
    }

    /** Packages of names of which one begins as another, and one package of many versions. */
    @ParameterizedTest
    @ValueSource(strings = {"a-1.0 a-b-1.0 b-1.0 c-1.0", "a-1.0 a-1.0.1 a-1.0_b a-2"})
    void clean_stoppedByItsLimit_goesOnAfterTheLastVariant(String variants) throws Exception {
        List<Handle> handles = Stream.of(variants.split(" ")).map(CleanerTest::parse)
                .map(parts -> cache.handle(parts[0], parts[1])).toList();
        for (Handle handle : handles) {
            cache.putCached(handle, LONG_AGO);
        }
        Duration limit = Duration.ofMillis(400);
        List<String> removed = new ArrayList<>();
        Cleaner cleaner = new Cleaner(cache.layout(), cache.lock(), InstantSource.system(), event -> {
            if (event instanceof CleanEvent.RemovedUnused unused) {
                removed.add(unused.handle().qualifiedName());
                spend(limit); // each variant takes as long as a whole clean may
            }
        });
        for (int run = 1; run < handles.size(); run++) {
            assertFalse(cleaner.clean(DAY, Optional.of(limit)));
            assertEquals(run, removed.size());
            // what was removed comes again, but is not to be had before those after it
            cache.putCached(parsed(removed.getFirst()), LONG_AGO);
        }
        cleaner.clean(DAY, Optional.of(limit));
        assertEquals(Set.of(variants.split(" ")), Set.copyOf(removed));
        cleaner.clean(DAY, Optional.of(limit));
        assertEquals(removed.getFirst(), removed.getLast());
    }

    @Test
    void clean_tooLargeForOneLimit_isDoneAfterSeveral() throws Exception {
        for (int i = 0; i < 1000; i++) {
            cache.putCached(cache.handle("name" + i, "1.0"), Duration.ZERO);
        }
        Cleaner cleaner = new Cleaner(cache.layout(), cache.lock(), InstantSource.system(), events::add);
        int runs = 1;
        while (!cleaner.clean(DAY, Optional.of(Duration.ofMillis(20)))) {
            assertTrue(++runs < 1000, "each begins where the last one stopped");
        }
        assertEquals(List.of(), events);
    }

    private Handle parsed(String qualifiedName) {
        String[] parts = parse(qualifiedName);
        return cache.handle(parts[0], parts[1]);
    }

    /** Name and version. */
    private static String[] parse(String qualifiedName) {
        int dash = qualifiedName.lastIndexOf('-');
        return new String[]{qualifiedName.substring(0, dash), qualifiedName.substring(dash + 1)};
    }

    /** Busy for a time. */
    private static void spend(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void clean_limitWithinAPayload_isKeptAndPurgingGoesOnNextTime() throws Exception {
        Path one = Files.writeString(dir.resolve("one"), "");
        Path payload = Files.createDirectory(cache.layout().toDelete().resolve("big-1.0-0123"));
        for (int i = 0; i < 20; i++) {
            Path folder = Files.createDirectory(payload.resolve("folder" + i));
            for (int j = 0; j < 1000; j++) {
                Files.createLink(folder.resolve("file" + j), one);
            }
        }
        Cleaner cleaner = cleaner(InstantSource.system());
        Duration limit = Duration.ofMillis(50);
        int runs = 0;
        boolean all = false;
        while (!all) {
            assertEquals(List.of(), events);
            long begun = System.nanoTime();
            all = cleaner.clean(DAY, Optional.of(limit));
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            assertTrue(took.compareTo(limit.plusMillis(250)) < 0, "took " + took);
            runs++;
        }
        assertTrue(runs > 1, "the payload was too small to be stopped in");
        assertEquals(List.of(new CleanEvent.Deleted(payload)), events);
    }
}
