package io.rezpkgcached.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.CacheWalk;
import io.rezpkgcached.cache.layout.Entry;
import io.rezpkgcached.cache.layout.IndexFile;
import io.rezpkgcached.cache.spool.RequestReader;
import io.rezpkgcached.cache.spool.RequestWriter;
import io.rezpkgcached.cache.testing.TestCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Without a daemon, and without time that passes by itself. */
class AwaitedTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final InstantSource CLOCK = InstantSource.fixed(NOW);

    @TempDir
    Path folder;

    private TestCache cache;
    private Handle foo;
    private Handle bar;
    private Awaited awaited;

    @BeforeEach
    void makeCache() throws IOException {
        cache = TestCache.in(folder);
        foo = cache.handle("foo", "1.0");
        bar = cache.handle("bar", "1.0");
        awaited = new Awaited(List.of(foo, bar), new Outlook(cache.layout(), CLOCK));
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis((long) (seconds * 1000));
    }

    private Entry begin(Handle handle) throws IOException {
        Entry entry = new Entry(Files.createDirectories(cache.layout().hashDirectory(handle)), "a");
        Files.createFile(entry.marker());
        touch(entry, NOW);
        Files.writeString(entry.index(), IndexFile.text(handle, List.of()));
        return entry;
    }

    private static void touch(Entry entry, Instant time) throws IOException {
        Files.setLastModifiedTime(entry.marker(), FileTime.from(time));
    }

    private void request(Handle handle) throws IOException {
        new RequestWriter(cache.layout(), RequestReader.plain(CLOCK)).write(handle);
    }

    private void serve() throws IOException {
        for (Path request : CacheWalk.children(cache.layout().pending())) {
            Files.delete(request);
        }
    }

    private List<Long> counts() {
        return List.of(awaited.requested(), awaited.copying(), awaited.cached());
    }

    @Test
    void look_requestedCopiedCached_isOverAtTheEnd() throws IOException {
        request(foo);
        request(bar);
        awaited.look(seconds(0));
        assertEquals(List.of(2L, 0L, 0L), counts());
        Entry first = begin(foo);
        awaited.look(seconds(100));
        assertEquals(List.of(1L, 1L, 0L), counts());
        Files.delete(first.marker());
        Files.delete(begin(bar).marker());
        awaited.look(seconds(200));
        assertEquals(List.of(0L, 0L, 2L), counts());
        assertTrue(awaited.isOver());
    }

    @Test
    void look_nobodyAsked_isOverAfterTheGraceOnly() throws IOException {
        Files.delete(begin(foo).marker());
        awaited.look(seconds(10));
        awaited.look(seconds(12));
        assertFalse(awaited.isOver());
        awaited.look(seconds(12.1));
        assertTrue(awaited.isOver());
        assertInstanceOf(Outlook.Expected.Never.class, awaited.expected().get(bar));
    }

    @Test
    void look_askedAgainWithinTheGrace_isWaitedForAnew() throws IOException {
        awaited.look(seconds(0));
        request(foo);
        request(bar);
        awaited.look(seconds(1.9));
        serve();
        awaited.look(seconds(3));
        awaited.look(seconds(4.9));
        assertFalse(awaited.isOver());
        request(foo);
        awaited.look(seconds(5.1));
        assertFalse(awaited.isOver());
        assertInstanceOf(Outlook.Expected.Requested.class, awaited.expected().get(foo));
        assertInstanceOf(Outlook.Expected.Never.class, awaited.expected().get(bar));
    }

    @Test
    void look_copyThatStalled_isNotWaitedFor() throws IOException {
        Entry entry = begin(foo);
        Files.delete(begin(bar).marker());
        awaited.look(seconds(0));
        touch(entry, NOW.minusSeconds(6));
        awaited.look(seconds(0.1));
        assertTrue(awaited.isOver());
        assertEquals(new Outlook.Expected.Never("stalled copying to " + entry.payload()),
                awaited.expected().get(foo));
    }

    @Test
    void look_removedWhileOthersWereWaitedFor_isSeenAtTheEnd() throws IOException {
        Entry first = begin(foo);
        Files.delete(first.marker());
        request(bar);
        awaited.look(seconds(0));
        Files.delete(first.index());
        Files.delete(begin(bar).marker());
        serve();
        awaited.look(seconds(1));
        assertFalse(awaited.isOver());
        awaited.look(seconds(3.1));
        assertTrue(awaited.isOver());
        assertEquals(1, awaited.cached());
    }
}
