package io.rezpkgcached.cache.add;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.copy.CopyMonitor;
import io.rezpkgcached.cache.copy.Pace;
import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.Entry;
import io.rezpkgcached.cache.publish.Step;
import io.rezpkgcached.cache.records.CopyRecord;
import io.rezpkgcached.cache.records.CopyRecords;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.commons.io.file.PathUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VariantAdderTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @TempDir
    Path dir;
    private TestCache cache;
    private Handle handle;
    private Path source;
    private Adding adding;

    @BeforeEach
    void makeCache() throws IOException {
        cache = TestCache.in(dir);
        source = cache.makePackage("foo", "1.0");
        handle = cache.handle("foo", "1.0");
        adding = Adding.to(cache);
    }

    private void assertNothingMade() throws IOException {
        assertEquals(List.of(), cache.visible());
        assertEquals(TestCache.nothing(), cache.leftovers());
    }

    private String definition() {
        return source.resolve("package.py").toString();
    }

    private void assertDeclined(String reason, Adding with, Handle wanted) throws Exception {
        assertEquals(new AddOutcome.Declined(reason), with.add(wanted));
        assertNothingMade();
    }

    @Test
    void add_variant_isCachedWithItsRecord() throws Exception {
        Instant begun = Instant.now();
        long bytes = Files.size(source.resolve("package.py")) + Files.size(source.resolve("lib/module.py"))
                + Files.size(source.resolve("tool"));
        AddOutcome.Cached cached = assertInstanceOf(AddOutcome.Cached.class, adding.add(handle));
        Entry entry = new Entry(cache.layout().hashDirectory(handle), "a");
        CopyRecord found = cached.record();
        assertEquals(new AddOutcome.Cached(entry,
                new CopyRecord(handle, "foo/1.0/" + handle.hashDirectory() + "/a", definition() + "[]",
                        source.toString(),
                        List.of(), 3, 1, 1, bytes, found.started(), found.took(), found.sourceTime()),
                cached.took(), List.of()), cached);
        assertTrue(cached.took().compareTo(found.took()) >= 0, cached.toString());
        assertTrue(!found.started().isBefore(begun.minusSeconds(1)) && !found.took().isNegative(), found.toString());
        CopyRecord kept = new CopyRecords(cache.layout()).get(handle).orElseThrow();
        assertEquals(found.took().toMillis(), kept.took().toMillis());
        TreeAssert.assertSameTree(source, entry.payload());
        assertEquals("found", cache.rezSays(handle));
        assertEquals(TestCache.nothing(), cache.leftovers());
    }

    @Test
    void add_variantOfSeveral_copiesItsFolderAndNamesItsRequirements() throws Exception {
        Path made = cache.makePackage("bar", "2", "variants = [['python-2.7'], ['python-3.7', 'foo']]\n");
        Path payload = TestCache.makePayload(made.resolve("python-3.7/foo"));
        Handle second = cache.handle("bar", "2", 1);
        AddOutcome.Cached cached = assertInstanceOf(AddOutcome.Cached.class, adding.add(second));
        TreeAssert.assertSameTree(payload, cached.entry().payload());
        assertTrue(Files.readString(cached.entry().index()).endsWith(", \"data\": [\"python-3.7\", \"foo\"]}"));
    }

    @Test
    void add_secondTime_isAlreadyCached() throws Exception {
        adding.add(handle);
        List<String> before = cache.visible();
        assertEquals(new AddOutcome.AlreadyCached(new Entry(cache.layout().hashDirectory(handle), "a")),
                adding.add(handle));
        assertEquals(before, cache.visible());
        assertEquals(TestCache.nothing(), cache.leftovers());
    }

    @Test
    void add_variantThatRezIsCopying_isCopyingAndThenStalled() throws Exception {
        Entry entry = cache.putCopying(handle, Duration.ZERO);
        Files.setLastModifiedTime(entry.marker(), FileTime.from(Instant.now().plus(Duration.ofHours(1))));
        assertEquals(new AddOutcome.Copying(entry), adding.add(handle));
        Files.setLastModifiedTime(entry.marker(), FileTime.from(Instant.now().minusSeconds(6)));
        assertEquals(new AddOutcome.Stalled(entry), adding.add(handle));
        assertEquals(List.of(".copying-a", "a", "a.json"), TestCache.names(entry.hashDirectory()));
    }

    @Test
    void add_entryMadeByRezJustBeforeTheLock_isSeen() throws Exception {
        Entry entry = new Entry(cache.layout().hashDirectory(handle), "a");
        assertEquals(new AddOutcome.AlreadyCached(entry), adding.observedBy(step -> {
            if (step == Step.STAGED) {
                cache.putCached(handle, Duration.ZERO);
            }
        }).add(handle));
        assertEquals(TestCache.nothing(), cache.leftovers());
    }

    @Test
    void add_rootMissing_isDeclinedInRezsWords() throws Exception {
        Path made = cache.makePackage("bar", "2", "variants = [['python-2.7']]\n");
        assertDeclined("Not cached - variant " + made + "/package.py[0] root does not appear on disk: " + made
                + "/python-2.7", adding.notCachable(), cache.handle("bar", "2", 0));
    }

    @Test
    void add_notCachable_isDeclinedInRezsWords() throws Exception {
        assertDeclined("Not cached - package is not cachable: " + definition(),
                adding.notCachable().notLocal(cache.repository()), handle);
    }

    @Test
    void add_localPackage_isDeclinedInRezsWords() throws Exception {
        Path link = Files.createSymbolicLink(dir.resolve("local"), cache.repository());
        assertDeclined("Not cached - package is local: " + definition(), adding.notLocal(link).notSameDevice(), handle);
    }

    @Test
    void add_onTheDeviceOfTheCache_isDeclinedInRezsWords() throws Exception {
        assertDeclined("Not cached - variant " + definition() + "[] is on same device as cache: " + source,
                adding.notSameDevice().tmpdir(cache.folder()), handle);
    }

    @Test
    void add_underTmpdir_isDeclinedInRezsWords() throws Exception {
        assertDeclined("Not cached - package is in temp repository filesystem@" + cache.repository(),
                adding.tmpdir(cache.folder()), handle);
    }

    @Test
    void add_rulesThatDoNotApply_isCached() throws Exception {
        Path similar = Path.of(cache.folder() + "/pack"); // rez compares text, with a slash after it
        Path other = Files.createDirectory(dir.resolve("other"));
        assertInstanceOf(AddOutcome.Cached.class, adding.tmpdir(similar).notLocal(other).add(handle));
    }

    @Test
    void add_packageOrVariantThatIsNotThere_isDeclined() throws Exception {
        assertDeclined("Not cached - there is no " + cache.repository() + "/foo/9", adding, cache.handle("foo", "9"));
        assertDeclined("Not cached - there is no " + cache.repository() + "/nope", adding, cache.handle("nope", "9"));
        assertDeclined("Not cached - the package has 0 variants: " + definition() + "[3]", adding,
                cache.handle("foo", "1.0", 3));
    }

    @Test
    void add_repositoryThatIsNotThereOrNotMounted_isNotNow() throws Exception {
        PathUtils.deleteDirectory(cache.repository());
        Files.createDirectory(cache.repository());
        assertEquals(new AddOutcome.NotNow("the repository is empty, as it is where it is not mounted: "
                + cache.repository()), adding.add(handle));
        Files.delete(cache.repository());
        assertEquals(new AddOutcome.NotNow("the repository is not there: " + cache.repository()),
                adding.add(handle));
        assertNothingMade();
    }

    @Test
    void add_noSpace_isNotNow() throws Exception {
        AddOutcome.NotNow none = assertInstanceOf(AddOutcome.NotNow.class,
                adding.space(Long.MAX_VALUE, 100).add(handle));
        assertTrue(none.reason().matches("[0-9.]+ MB are free on the disk of " + cache.layout()
                + ", and package_cache_space_buffer keeps 8796093022208.00 MB"), none.reason());
        long free = Files.getFileStore(cache.folder()).getUsableSpace();
        Files.write(source.resolve("large"), new byte[64 << 20]);
        AddOutcome.NotNow little = assertInstanceOf(AddOutcome.NotNow.class,
                adding.space(free - (96L << 20), -1).add(handle));
        assertTrue(little.reason().contains(" would leave less than package_cache_space_buffer"), little.reason());
        assertNothingMade();
    }

    @Test
    void add_usedAboveTheThresholdButRoomEnough_isCached() throws Exception {
        assertInstanceOf(AddOutcome.Cached.class, adding.space(1, -1).add(handle));
    }

    @Test
    void add_locationOutsideTheRepositories_isRefusedByItsText() throws Exception {
        Path other = dir.toRealPath().resolve("other");
        assertEquals(new AddOutcome.Refused(
                "location " + cache.repository() + " is outside the setting repositories [" + other + "]"),
                adding.within(other).add(handle));
        assertNothingMade();
    }

    @Test
    void add_locationThatIsALinkOutOfTheRepositories_isRefused() throws Exception {
        Path allowed = Files.createDirectory(dir.toRealPath().resolve("allowed"));
        Path link = Files.createSymbolicLink(allowed.resolve("link"), cache.repository());
        Handle through = Handle.of(link.toString(), "foo", handle.version(), handle.index());
        assertEquals(new AddOutcome.Refused(link + " is really " + cache.repository()
                + ", outside the setting repositories [" + allowed + "]"), adding.within(allowed).add(through));
        assertNothingMade();
    }

    @Test
    void add_locationThatIsNoRealPath_isRefusedSinceRezStopsAtIt() throws Exception {
        Path link = Files.createSymbolicLink(dir.toRealPath().resolve("link"), cache.repository());
        for (String location : List.of(link.toString(), cache.repository() + "/")) {
            assertEquals(new AddOutcome.Refused("location " + location + " is really " + cache.repository()
                    + ", and rez takes a repository by its real path alone"),
                    adding.add(Handle.of(location, "foo", handle.version(), handle.index())));
        }
        assertNothingMade();
    }

    @Test
    void add_oneOfTheRepositoriesIsNotThere_othersAreRead() throws Exception {
        Path gone = dir.toRealPath().resolve("gone");
        assertInstanceOf(AddOutcome.Cached.class, adding.within(gone, cache.repository()).add(handle));
    }

    @Test
    void add_payloadThatIsALinkOutOfTheRepositories_isRefused() throws Exception {
        Path outside = TestCache.makePayload(dir.toRealPath().resolve("outside"));
        Path made = cache.makePackage("bar", "2", "variants = [['python']]\n");
        Path link = Files.createSymbolicLink(made.resolve("python"), outside);
        assertEquals(new AddOutcome.Refused(link + " is really " + outside + ", outside the setting repositories ["
                + cache.repository() + "]"), adding.within(cache.repository()).add(cache.handle("bar", "2", 0)));
        assertNothingMade();
    }

    @Test
    void add_packageFolderThatIsALinkOutOfTheRepositories_isRefused() throws Exception {
        Path outside = dir.toRealPath().resolve("outside");
        Files.move(source, outside);
        Files.createSymbolicLink(source, outside);
        assertInstanceOf(AddOutcome.Refused.class, adding.within(cache.repository()).add(handle));
        assertNothingMade();
    }

    @Test
    void add_computedDefinition_isRefusedWithItsLine() throws Exception {
        Path made = cache.makePackage("bar", "2", "@early()\ndef variants():\n    return [['a']]\n");
        AddOutcome.Refused refused = assertInstanceOf(AddOutcome.Refused.class,
                adding.add(cache.handle("bar", "2", 0)));
        assertTrue(refused.reason().startsWith(made + "/package.py:")
                && refused.reason().contains("variants is computed by code"), refused.reason());
        assertNothingMade();
    }

    @Test
    void add_malformedDefinition_isRefusedWithItsLine() throws Exception {
        Path made = cache.makePackage("bar", "2", "variants = [['a'\n");
        AddOutcome.Refused refused = assertInstanceOf(AddOutcome.Refused.class,
                adding.add(cache.handle("bar", "2", 0)));
        assertTrue(
                refused.reason().startsWith(made + "/package.py:") && refused.reason().endsWith("mend the definition"),
                refused.reason());
        assertNothingMade();
    }

    @Test
    void add_payloadWithAFifo_isGivenUpAtOnce() throws Exception {
        assertEquals(0, new ProcessBuilder("mkfifo", source.resolve("pipe").toString()).start().waitFor());
        AddOutcome.GivenUp outcome = assertInstanceOf(AddOutcome.GivenUp.class, adding.add(handle));
        assertTrue(outcome.reason().contains(source.resolve("pipe").toString()), outcome.reason());
        assertGivenUp();
        assertEquals(new AddOutcome.Stalled(new Entry(cache.layout().hashDirectory(handle), "a")),
                adding.add(handle));
    }

    private void assertGivenUp() throws IOException {
        Entry entry = new Entry(cache.layout().hashDirectory(handle), "a");
        assertEquals("stalled", cache.rezSays(handle));
        assertEquals("rez-pkg-cached failed", Files.readString(entry.marker()));
        assertEquals(List.of(".copying-a", "a", "a.json"), TestCache.names(entry.hashDirectory()));
        assertEquals(TestCache.nothing(), cache.leftovers());
    }

    /** Adds foo-1.0 twice, the second time as the last. */
    static final class Program {
        public static void main(String[] arguments) throws Exception {
            TestCache cache = TestCache.in(Path.of(arguments[0]));
            Handle handle = cache.handle("foo", "1.0");
            System.out.println(Adding.to(cache).add(handle));
            System.out.println(cache.visible());
            System.out.println(Adding.to(cache).add(handle, true, new CopyMonitor()));
        }
    }

    @Test
    void add_unreadableFile_failsAndOnTheLastTryIsGivenUp() throws Exception {
        Path secret = source.resolve("lib/module.py");
        Unprivileged.own(dir);
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
        Outcome outcome = Unprivileged.run(Program.class, dir.toString());
        List<String> lines = outcome.output().lines().toList();
        assertEquals(3, lines.size(), outcome.output());
        assertTrue(lines.get(0).startsWith("Failed[reason=AccessDeniedException: " + secret), lines.get(0));
        assertEquals("[]", lines.get(1));
        assertTrue(lines.get(2).startsWith("GivenUp[reason=AccessDeniedException: " + secret), lines.get(2));
        assertGivenUp();
    }

    @Test
    void add_cancelledDuringTheCopy_isCancelledAndLeavesNothing() throws Exception {
        Files.write(source.resolve("large"), new byte[4 << 20]);
        CopyMonitor monitor = new CopyMonitor();
        try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
            Future<AddOutcome> outcome = executor
                    .submit(() -> adding.at(Pace.bytesPerSecond(100_000)).add(handle, true, monitor));
            Await.until(LIMIT, "bytes are copied", () -> monitor.bytesDone() > 0);
            assertEquals("copying", cache.rezSays(handle));
            monitor.cancel();
            assertEquals(new AddOutcome.Cancelled(), outcome.get());
        }
        assertEquals(List.of(), cache.visible());
        assertEquals(TestCache.nothing(), cache.leftovers());
    }

    @Test
    void add_interruptedDuringTheCopy_leavesNothing() throws Exception {
        Files.write(source.resolve("large"), new byte[4 << 20]);
        CopyMonitor monitor = new CopyMonitor();
        List<Throwable> thrown = new ArrayList<>();
        Thread thread = Thread.ofPlatform().start(() -> thrown.add(assertThrows(InterruptedException.class,
                () -> adding.at(Pace.bytesPerSecond(100_000)).add(handle, false, monitor))));
        Await.until(LIMIT, "bytes are copied", () -> monitor.bytesDone() > 0);
        thread.interrupt();
        thread.join();
        assertEquals(1, thrown.size());
        assertNothingMade();
    }

    @Test
    void add_entryTakenAwayDuringTheCopy_stopsAndFails() throws Exception {
        Files.write(source.resolve("large"), new byte[8 << 20]);
        CopyMonitor monitor = new CopyMonitor();
        try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
            Future<AddOutcome> outcome = executor
                    .submit(() -> adding.at(Pace.bytesPerSecond(100_000)).add(handle, false, monitor));
            Await.until(LIMIT, "bytes are copied", () -> monitor.bytesDone() > 0);
            PathUtils.deleteDirectory(cache.layout().root().resolve("foo"));
            Entry entry = new Entry(cache.layout().hashDirectory(handle), "a");
            assertEquals(new AddOutcome.Failed("somebody took the unfinished entry " + entry + " away"),
                    outcome.get());
        }
        assertNothingMade();
    }

    @ParameterizedTest
    @EnumSource(value = Step.class, names = {"STAGED", "INDEXED", "CLAIMED", "COPIED", "SYNCED", "RENAMED",
            "ROOT_FINISHED"})
    void add_failsAtAStep_failsAndTheNextIsCached(Step failing) throws Exception {
        assertEquals(new AddOutcome.Failed("IOException: failed at " + failing), adding.observedBy(step -> {
            if (step == failing) {
                throw new IOException("failed at " + failing);
            }
        }).add(handle));
        assertEquals(List.of(), cache.visible());
        assertEquals(List.of(), cache.leftovers().get("staging"));
        AddOutcome.Cached cached = assertInstanceOf(AddOutcome.Cached.class, adding.add(handle));
        TreeAssert.assertSameTree(source, cached.entry().payload());
    }

    @Test
    void add_sourceChangesDuringTheCopy_copiesWhatItIsInTheEnd() throws Exception {
        Files.write(source.resolve("large"), new byte[1 << 20]);
        CopyMonitor monitor = new CopyMonitor();
        try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
            Future<AddOutcome> outcome = executor
                    .submit(() -> adding.at(Pace.bytesPerSecond(1_000_000)).add(handle, false, monitor));
            Await.until(LIMIT, "bytes are copied", () -> monitor.bytesDone() > 0);
            Files.writeString(source.resolve("tool"), "changed\n");
            Files.writeString(source.resolve("lib/new"), "new\n");
            AddOutcome.Cached cached = assertInstanceOf(AddOutcome.Cached.class, outcome.get());
            TreeAssert.assertSameTree(source, cached.entry().payload());
        }
    }
}
