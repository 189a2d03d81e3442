package io.rezpkgcached.cache.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.Entry;
import io.rezpkgcached.cache.lock.CacheLock;
import io.rezpkgcached.cache.records.CopyRecords;
import io.rezpkgcached.cache.testing.Child;
import io.rezpkgcached.cache.testing.TestCache;
import io.rezpkgcached.cache.testing.TreeAssert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is to be seen from outside at each step, and after a failure or a death there. */
class PublisherStepsTest {
    private static final Set<Step> ENTRY_COMPLETE = EnumSet.range(Step.UNMARKED, Step.UNSTAGED);
    private static final int KILLED = 137;

    @TempDir
    Path dir;

    private TestCache cache() throws IOException {
        TestCache cache = TestCache.in(dir);
        cache.makePackage("foo", "1.0");
        return cache;
    }

    @Test
    void steps_ofOneCopy_showRezNothingThenCopyingThenTheWholePayload() throws Exception {
        TestCache cache = cache();
        List<String> seen = new ArrayList<>();
        List<Copying> copying = new ArrayList<>();
        copying.add(Copying.with(cache, step -> {
            Copying now = copying.getFirst();
            seen.add(step + ": " + cache.rezSays(now.handle()) + (Files.exists(cache.layout().lock()) ? ", locked" : "")
                    + ", " + TestCache.names(cache.layout().pending()) + " "
                    + cache.glance(now.handle(), now.source()));
        }));
        copying.getFirst().run();
        assertEquals(List.of( //
                "STAGED: not found, [] ", //
                "LOCKED_TO_CLAIM: not found, locked, [] ", //
                "MARKED: not found, locked, [] .copying-a", //
                "PAYLOAD_FOLDER_MADE: not found, locked, [] .copying-a a=empty", //
                "INDEXED: copying, locked, [] .copying-a a=empty a.json", //
                "CLAIMED: copying, [] .copying-a a=empty a.json", //
                "COPIED: copying, [] .copying-a a=empty a.json", //
                "SYNCED: copying, [] .copying-a a=empty a.json", //
                "LOCKED_TO_PUBLISH: copying, locked, [] .copying-a a=empty a.json", //
                "RENAMED: copying, locked, [] .copying-a a=complete a.json", //
                "ROOT_FINISHED: copying, locked, [] .copying-a a=complete a.json", //
                "UNMARKED: found, locked, [] a=complete a.json", //
                "PUBLISHED: found, [] a=complete a.json", //
                "DIRECTORIES_SYNCED: found, [] a=complete a.json", //
                "RECORDED: found, [] a=complete a.json", //
                "UNSTAGED: found, [] a=complete a.json"), seen);
        assertEquals(TestCache.nothing(), cache.leftovers());
    }

    @Test
    void publish_ofAVariant_writesPayloadIndexAndRecordAsRezDoes() throws Exception {
        TestCache cache = cache();
        Copying copying = Copying.with(cache, Step.Observer.NONE);
        Files.setPosixFilePermissions(copying.source(),
                java.nio.file.attribute.PosixFilePermissions.fromString("r-xr-xr-x"));
        Entry entry = copying.run().entry();
        TreeAssert.assertSameTree(copying.source(), entry.payload());
        assertEquals("{\"handle\": {\"key\": \"filesystem.variant\", \"variables\": {\"repository_type\":"
                + " \"filesystem\", \"location\": \"" + cache.repository()
                + "\", \"name\": \"foo\", \"version\": \"1.0\","
                + " \"index\": 0}}, \"data\": [\"python-3.7\", \"~foo-1\"]}", Files.readString(entry.index()));
        assertEquals(Optional.of(cache.record(copying.handle(), entry)),
                new CopyRecords(cache.layout()).get(copying.handle()));
    }

    @Test
    void claim_ofAVariant_marksItWithTheNameOfItsStagingFolder() throws Exception {
        TestCache cache = cache();
        Claim claim = Copying.with(cache, Step.Observer.NONE).claim();
        List<String> staged = TestCache.names(cache.layout().staging());
        assertEquals(1, staged.size());
        assertEquals("rez-pkg-cached " + staged.getFirst(), Files.readString(claim.entry().marker()));
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void run_failsAtAStep_leavesNothingOrACompleteEntryAndTheNextSucceeds(Step failing) throws Exception {
        TestCache cache = cache();
        Copying copying = Copying.with(cache, step -> {
            if (step == failing) {
                throw new IOException("failed at " + step);
            }
        });
        IOException thrown = assertThrows(IOException.class, copying::run);
        assertEquals("failed at " + failing, thrown.getMessage());
        Copying next = Copying.with(cache, Step.Observer.NONE);
        if (ENTRY_COMPLETE.contains(failing)) {
            assertEquals("found a=complete a.json",
                    cache.rezSays(next.handle()) + " " + cache.glance(next.handle(), next.source()));
            assertEquals(TestCache.nothing(), cache.leftovers());
            return;
        }
        assertEquals(List.of(), cache.visible());
        assertEquals(List.of(List.of(), List.of()),
                List.of(cache.leftovers().get("lock"), cache.leftovers().get("staging")));
        TreeAssert.assertSameTree(next.source(), next.run().entry().payload());
        assertEquals("found", cache.rezSays(next.handle()));
    }

    @ParameterizedTest
    @EnumSource(value = Step.class, names = {"COPIED", "SYNCED", "LOCKED_TO_PUBLISH", "RENAMED", "ROOT_FINISHED"})
    void giveUp_afterAFailureAtAStep_leavesAStalledEntryThatIsOurs(Step failing) throws Exception {
        TestCache cache = cache();
        Copying copying = Copying.with(cache, step -> {
            if (step == failing) {
                throw new IOException("failed at " + step);
            }
        });
        Claim claim = copying.claim();
        var copied = copying.copy(claim);
        assertThrows(IOException.class, () -> copying.publish(claim, copied));
        copying.publisher().giveUp(claim);
        assertEquals("stalled", cache.rezSays(copying.handle()));
        assertEquals("rez-pkg-cached failed", Files.readString(claim.entry().marker()));
        assertEquals(TestCache.nothing(), cache.leftovers());
        assertEquals(List.of(), new Recovery(cache.layout(), cache.lock(), InstantSource.system()).run());
        assertEquals("stalled", cache.rezSays(copying.handle()));
    }

    /** A daemon may start while a person's command copies: to it that looks like what a dead one left. */
    @ParameterizedTest
    @EnumSource(value = Step.class, names = {"STAGED", "CLAIMED", "COPIED", "SYNCED"})
    void recovery_whileSomebodyCopies_leavesThatAlone(Step moment) throws Exception {
        TestCache cache = cache();
        List<List<Handle>> recovered = new ArrayList<>();
        Copying copying = Copying.with(cache, step -> {
            if (step == moment) {
                recovered.add(recover(cache));
            }
        });
        TreeAssert.assertSameTree(copying.source(), copying.run().entry().payload());
        assertEquals(List.of(List.of()), recovered);
        assertEquals("found", cache.rezSays(copying.handle()));
        assertEquals(TestCache.nothing(), cache.leftovers());
    }

    private static List<Handle> recover(TestCache cache) throws IOException {
        try {
            return new Recovery(cache.layout(), cache.lock(), InstantSource.system()).run();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** Dies without a word at a step of a copy. */
    static final class DyingCopy {
        public static void main(String[] arguments) throws Exception {
            Step last = Step.valueOf(arguments[1]);
            Copying.with(TestCache.in(Path.of(arguments[0])), step -> {
                if (step == last) {
                    Runtime.getRuntime().halt(KILLED);
                }
            }).run();
        }
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void recovery_afterADeathAtAStep_clearsUpAndTheNextCopySucceeds(Step last) throws Exception {
        TestCache cache = cache();
        Copying copying = Copying.with(cache, Step.Observer.NONE);
        assertEquals(new Child.Ended(KILLED, "", ""),
                Child.run(Child.java(DyingCopy.class, dir.toString(), last.name()), Map.of(), new byte[0]));
        List<String> broken = new ArrayList<>();
        CacheLock lock = new CacheLock(cache.layout(), broken::add);
        boolean complete = ENTRY_COMPLETE.contains(last);

        assertEquals(complete ? List.of() : List.of(copying.handle()),
                new Recovery(cache.layout(), lock, InstantSource.system()).run());
        lock.sweep();
        assertEquals(complete ? "found" : "not found", cache.rezSays(copying.handle()));
        assertEquals(List.of(), cache.leftovers().get("staging"));
        if (!complete) {
            assertEquals(List.of(), cache.visible());
            copying.run();
        } else {
            lock.acquire().close();
        }
        assertEquals("found a=complete a.json",
                cache.rezSays(copying.handle()) + " " + cache.glance(copying.handle(), copying.source()));
        assertEquals(List.of(), cache.leftovers().get("lock"));
        assertTrue(new CopyRecords(cache.layout()).get(copying.handle()).isPresent());
    }
}
