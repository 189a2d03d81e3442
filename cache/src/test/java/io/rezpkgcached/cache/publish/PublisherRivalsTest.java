package io.rezpkgcached.cache.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.rezpkgcached.cache.copy.CopiedPayload;
import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.handle.Increment;
import io.rezpkgcached.cache.layout.Entry;
import io.rezpkgcached.cache.testing.Child;
import io.rezpkgcached.cache.testing.TestCache;
import io.rezpkgcached.cache.testing.TreeAssert;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.commons.io.file.PathUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Others at work in the same cache while an entry is being made. */
class PublisherRivalsTest {
    private static final int HANDLES = 30;

    @TempDir
    Path dir;
    private TestCache cache;
    private Copying copying;

    @BeforeEach
    void makeCache() throws Exception {
        cache = TestCache.in(dir);
        cache.makePackage("foo", "1.0");
        copying = Copying.with(cache, Step.Observer.NONE);
    }

    private void takeAway(Entry entry) throws Exception {
        Files.delete(entry.index());
        PathUtils.deleteDirectory(entry.payload());
        Files.delete(entry.marker());
    }

    @Test
    void publish_entryWasTakenAway_falseAndNothingIsMade() throws Exception {
        Claim claim = copying.claim();
        CopiedPayload copied = copying.copy(claim);
        takeAway(claim.entry());
        assertFalse(copying.publish(claim, copied));
        assertEquals("", cache.glance(copying.handle(), copying.source()));
        assertEquals(TestCache.nothing(), cache.leftovers());
    }

    @Test
    void publish_othersEntryOfTheSameNames_falseAndTheirsIsUntouched() throws Exception {
        Claim claim = copying.claim();
        CopiedPayload copied = copying.copy(claim);
        takeAway(claim.entry());
        Entry theirs = cache.putCopying(copying.handle(), Duration.ofSeconds(1));
        assertEquals(claim.entry(), theirs);
        assertLeftAlone(claim, copied, theirs);
    }

    @Test
    void publish_othersMarkerInTheSameInode_falseAndTheirsIsUntouched() throws Exception {
        for (String content : List.of("", "rez-pkg-cached 2f0d8d9a-97ab-4c0d-8d4b-1c6b8a0e0f10")) {
            Claim claim = copying.claim();
            CopiedPayload copied = copying.copy(claim);
            Files.writeString(claim.entry().marker(), content); // written in place: the inode is the one that we made
            assertLeftAlone(claim, copied, claim.entry());
            takeAway(claim.entry());
        }
    }

    @Test
    void publish_markerWithOurContentInAnotherInode_falseAndTheirsIsUntouched() throws Exception {
        Claim claim = copying.claim();
        CopiedPayload copied = copying.copy(claim);
        Path marker = claim.entry().marker();
        Path copy = Files.copy(marker, marker.resolveSibling("copy"));
        Files.move(copy, marker, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertLeftAlone(claim, copied, claim.entry());
    }

    @Test
    void publish_somebodyWroteIntoThePayload_falseAndTheirsIsUntouched() throws Exception {
        Claim claim = copying.claim();
        CopiedPayload copied = copying.copy(claim);
        Files.writeString(claim.entry().payload().resolve("file"), "theirs");
        Map<String, String> before = TreeAssert.describe(claim.entry().payload());
        assertFalse(copying.publish(claim, copied));
        assertEquals(before, TreeAssert.describe(claim.entry().payload()));
    }

    private void assertLeftAlone(Claim claim, CopiedPayload copied, Entry theirs) throws Exception {
        Map<String, String> before = TreeAssert.describe(theirs.hashDirectory());
        assertFalse(copying.publish(claim, copied));
        copying.publisher().abandon(claim);
        copying.publisher().giveUp(claim);
        assertFalse(claim.touch());
        assertEquals(before, TreeAssert.describe(theirs.hashDirectory()));
        assertEquals(TestCache.nothing(), cache.leftovers());
    }

    @Test
    void abandon_entryThatIsOurs_leavesNothing() throws Exception {
        Claim claim = copying.claim();
        copying.copy(claim);
        copying.publisher().abandon(claim);
        assertEquals(List.of(), cache.visible());
        assertEquals(TestCache.nothing(), cache.leftovers());
    }

    @Test
    void claim_ofTheSameHandleByManyThreads_oneIsClaimedTheOthersSeeIt() throws Exception {
        int threads = 6;
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            for (int round = 0; round < HANDLES; round++) {
                Handle handle = cache.handle("foo", "2." + round);
                CyclicBarrier barrier = new CyclicBarrier(threads);
                List<Future<ClaimOutcome>> outcomes = new ArrayList<>();
                for (int i = 0; i < threads; i++) {
                    outcomes.add(executor.submit(() -> {
                        barrier.await();
                        return copying.publisher().claim(handle, List.of());
                    }));
                }
                List<ClaimOutcome> ended = new ArrayList<>();
                for (Future<ClaimOutcome> outcome : outcomes) {
                    ended.add(outcome.get());
                }
                assertEquals(1, ended.stream().filter(ClaimOutcome.Claimed.class::isInstance).count());
                assertEquals(List.of(".copying-a", "a", "a.json"),
                        TestCache.names(cache.layout().hashDirectory(handle)));
            }
        }
        assertEquals(HANDLES, TestCache.names(cache.layout().staging()).size());
    }

    /** Claims many handles and prints those that it got. */
    static final class ClaimingProgram {
        public static void main(String[] arguments) throws Exception {
            TestCache cache = TestCache.in(Path.of(arguments[0]));
            Publisher publisher = Copying.with(cache, Step.Observer.NONE).publisher();
            for (int i = 0; i < HANDLES; i++) {
                if (publisher.claim(cache.handle("foo", "3." + i), List.of()) instanceof ClaimOutcome.Claimed) {
                    System.out.println("3." + i);
                }
            }
        }
    }

    @Test
    void claim_ofTheSameHandlesByProcesses_eachIsClaimedOnce() throws Exception {
        List<Child> processes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            processes.add(Child.start(Child.java(ClaimingProgram.class, dir.toString())));
        }
        List<String> claimed = new ArrayList<>();
        for (Child process : processes) {
            claimed.addAll(process.finish());
        }
        List<String> all = Stream.iterate(0, i -> i + 1).limit(HANDLES).map(i -> "3." + i).sorted().toList();
        assertEquals(all, claimed.stream().sorted().toList());
        assertEquals(List.of(), cache.leftovers().get("lock"));
    }

    @Test
    void claim_manyVariantsInOneHashDirectory_eachHasANameOfItsOwn() throws Exception {
        List<Handle> handles = handlesOfOneHashDirectory();
        List<String> increments = new ArrayList<>();
        String expected = "";
        for (Handle handle : handles) {
            expected = Increment.next(Optional.of(expected).filter(name -> !name.isEmpty()));
            increments.add(expected);
            Claim claim = ((ClaimOutcome.Claimed) copying.publisher().claim(handle, List.of())).claim();
            assertEquals(expected, claim.entry().increment());
        }
        assertEquals("ad", increments.getLast());
        Path hashDirectory = cache.layout().hashDirectory(handles.getFirst());
        assertEquals(3 * HANDLES, TestCache.names(hashDirectory).size());
        for (Handle handle : handles) {
            assertEquals("copying", cache.rezSays(handle));
        }
    }

    /** Searched among repositories of different names. */
    private static List<Handle> handlesOfOneHashDirectory() throws Exception {
        String placeholder = "/packages-0000000";
        String text = Handle.of(placeholder, "foo", Optional.of("1"), OptionalInt.empty()).hashedText();
        int place = text.indexOf(placeholder) + placeholder.length() - 7;
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
        List<Handle> handles = new ArrayList<>();
        String wanted = "";
        for (int number = 0; handles.size() < HANDLES; number++) {
            byte[] digits = "%07d".formatted(number).getBytes(StandardCharsets.UTF_8);
            System.arraycopy(digits, 0, bytes, place, digits.length);
            String hash = HexFormat.of().formatHex(sha1.digest(bytes), 0, 2);
            if (wanted.isEmpty() || wanted.equals(hash)) {
                wanted = hash;
                Handle handle = Handle.of("/packages-" + new String(digits, StandardCharsets.UTF_8), "foo",
                        Optional.of("1"), OptionalInt.empty());
                assertEquals(wanted, handle.hashDirectory());
                handles.add(handle);
            }
        }
        return handles;
    }
}
