package io.rezpkgcached.cache.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.testing.TreeAssert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sources that change while they are copied. */
class CopyChangesTest {
    @TempDir
    Path dir;
    private Copies copies;

    @BeforeEach
    void makePayload() throws IOException {
        copies = Copies.in(dir);
        for (String name : List.of("a/one", "a/two", "b/three", "four", "five")) {
            copies.file(name, name);
        }
    }

    /** Something done to the source. */
    private interface Change {
        void make(Path source) throws IOException;
    }

    /** Makes the change once, before the first step of this kind. */
    private Copies changed(Step when, Change change) {
        AtomicInteger seen = new AtomicInteger();
        return copies.with((step, path) -> {
            if (step == when && seen.getAndIncrement() == 0) {
                change.make(copies.source());
            }
        });
    }

    private void assertFollowed(Change change) throws Exception {
        changed(Step.LOOK_AGAIN, change).copy();
        TreeAssert.assertSameTree(copies.source(), copies.target());
    }

    @Test
    void copy_fileAppendedTo_copiedAgain() throws Exception {
        assertFollowed(source -> Files.writeString(source.resolve("four"), "more", StandardOpenOption.APPEND));
    }

    @Test
    void copy_fileRewrittenWithSameSizeAndTime_copiedAgain() throws Exception {
        assertFollowed(source -> {
            Files.writeString(source.resolve("four"), "ruof");
            Files.setLastModifiedTime(source.resolve("four"), FileTime.from(Copies.TIME));
        });
    }

    @Test
    void copy_namesAddedRemovedAndRenamed_followed() throws Exception {
        assertFollowed(source -> {
            Files.createDirectories(source.resolve("new/deep"));
            Files.writeString(source.resolve("new/deep/file"), "new");
            Files.createSymbolicLink(source.resolve("new/link"), Path.of("deep"));
            Files.delete(source.resolve("b/three"));
            Files.delete(source.resolve("b"));
            Files.move(source.resolve("a"), source.resolve("c"));
            Files.move(source.resolve("five"), source.resolve("four"), StandardCopyOption.REPLACE_EXISTING);
        });
    }

    @Test
    void copy_typesSwapped_followed() throws Exception {
        copies.link("link", "four");
        assertFollowed(source -> {
            Files.delete(source.resolve("link"));
            Files.createDirectory(source.resolve("link"));
            Files.delete(source.resolve("four"));
            Files.createSymbolicLink(source.resolve("four"), Path.of("five"));
            Files.delete(source.resolve("b/three"));
            Files.delete(source.resolve("b"));
            Files.writeString(source.resolve("b"), "a file now");
        });
    }

    @Test
    void copy_hardLinkAdded_oneFileInTheCopyToo() throws Exception {
        assertFollowed(source -> Files.createLink(source.resolve("a/other-name"), source.resolve("four")));
    }

    @Test
    void copy_sharedFileChanged_allItsNamesFollow() throws Exception {
        Files.createLink(copies.source().resolve("a/other-name"), copies.source().resolve("four"));
        assertFollowed(source -> Files.writeString(source.resolve("four"), "more", StandardOpenOption.APPEND));
    }

    @Test
    void copy_modeChanged_followed() throws Exception {
        assertFollowed(source -> {
            Files.setAttribute(source.resolve("four"), "unix:mode", 0711);
            Files.setAttribute(source.resolve("a"), "unix:mode", 0711);
        });
    }

    @Test
    void copy_linkTextChanged_followed() throws Exception {
        copies.link("link", "four");
        assertFollowed(source -> {
            Files.delete(source.resolve("link"));
            Files.createSymbolicLink(source.resolve("link"), Path.of("five"));
        });
    }

    @Test
    void copy_fileGoneOrShorterWhenItsTurnComes_followed() throws Exception {
        changed(Step.COPY_FILE, source -> {
            for (String name : List.of("a/one", "a/two", "b/three")) {
                Files.delete(source.resolve(name));
            }
            Files.writeString(source.resolve("four"), "f");
            Files.writeString(source.resolve("five"), "longer than before");
        }).copy();
        TreeAssert.assertSameTree(copies.source(), copies.target());
    }

    @Test
    void copy_fileAwayOnlyWhileItWasCopied_copiedInTheNextRound() throws Exception {
        Path away = dir.resolve("away");
        AtomicInteger moves = new AtomicInteger();
        copies.with((step, path) -> {
            if (step == Step.COPY_FILE && path.endsWith("four") && moves.compareAndSet(0, 1)) {
                Files.move(path, away);
            } else if (step == Step.LOOK_AGAIN && moves.compareAndSet(1, 2)) {
                Files.move(away, copies.source().resolve("four"));
            }
        }).copy();
        TreeAssert.assertSameTree(copies.source(), copies.target());
    }

    @Test
    void copy_folderGoneWhileLookedAt_leftOut() throws Exception {
        changed(Step.LIST, source -> {
            Files.delete(source.resolve("b/three"));
            Files.delete(source.resolve("b"));
        }).copy();
        TreeAssert.assertSameTree(copies.source(), copies.target());
    }

    @Test
    void copy_changesThreeTimes_followedEachTime() throws Exception {
        AtomicInteger rounds = new AtomicInteger();
        copies.with((step, path) -> {
            if (step == Step.LOOK_AGAIN && rounds.incrementAndGet() <= 3) {
                Files.writeString(path.resolve("four"), "+", StandardOpenOption.APPEND);
            }
        }).copy();
        TreeAssert.assertSameTree(copies.source(), copies.target());
    }

    @Test
    void copy_neverComesToRest_givesUpAndNamesAFile() {
        AtomicInteger rounds = new AtomicInteger();
        SourceChangedException e = assertThrows(SourceChangedException.class, () -> copies.with((step, path) -> {
            if (step == Step.LOOK_AGAIN) {
                rounds.incrementAndGet();
                Files.writeString(path.resolve("four"), "+", StandardOpenOption.APPEND);
            }
        }).copy());
        assertTrue(e.getMessage().startsWith(copies.source() + ": was copied again 3 times and is still changing"),
                e.getMessage());
        assertTrue(e.getMessage().endsWith("four"), e.getMessage());
        assertEquals(4, rounds.get());
        assertEquals(List.of(), Copies.threads());
    }

    @Test
    void copy_fileGrowsWheneverItIsRead_givesUp() {
        AtomicInteger reads = new AtomicInteger();
        assertThrows(SourceChangedException.class, () -> copies.with((step, path) -> {
            if (step == Step.COPY_CHUNK && path.endsWith("four")) {
                reads.incrementAndGet();
                Files.writeString(path, "+", StandardOpenOption.APPEND);
            }
        }).copy());
        assertEquals(4, reads.get());
    }
}
