package io.rezpkgcached.cache.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.json.Json;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.CacheWalk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PrefetchWriterTest {
    private static final int OWNER = -2; // of the largest user ids
    private static final RequestReader READER = RequestReader.plain(InstantSource.system());

    @TempDir
    private Path cache;
    private CacheLayout layout;

    @BeforeEach
    void make() throws IOException {
        layout = CacheLayout.of(cache);
    }

    private static Handle foo(int index) {
        return Handle.of("/svr/packages", "foo", Optional.of("1.0"), OptionalInt.of(index));
    }

    private PrefetchWriter writer() throws IOException {
        return new PrefetchWriter(layout, READER, OWNER);
    }

    @Test
    void write_cacheThatNoDaemonHasServed_isARequestWithItsOwnersName() throws Exception {
        Path file = writer().write(foo(0)).orElseThrow();
        assertEquals(layout.prefetch(), file.getParent());
        assertTrue(file.getFileName().toString().matches("4294967294-[0-9a-f]{32}\\.json"), file::toString);
        assertEquals(OptionalInt.of(OWNER), OwnedRequest.owner(layout, file));
        assertEquals(foo(0), Handle.parse(Json.read(Files.readAllBytes(file))));
        assertEquals("rw-r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals("rwxr-xr-x", PosixFilePermissions.toString(Files.getPosixFilePermissions(layout.prefetch())));
        assertEquals(List.of(), CacheWalk.children(layout.pending()));
        assertEquals(List.of(), CacheWalk.children(layout.incoming()));
        assertTrue(SpoolFolder.areAnyFilled(layout));
    }

    @Test
    void write_whatIsRequestedAnywhere_isNotRequestedAgain() throws Exception {
        PrefetchWriter first = writer();
        assertTrue(first.write(foo(0)).isPresent());
        assertEquals(Optional.empty(), first.write(foo(0)));
        new RequestWriter(layout, READER).write(foo(1));
        Files.createDirectories(layout.waiting());
        OwnedRequest.write(layout, layout.waiting(), foo(2), OWNER);
        PrefetchWriter second = writer();
        for (int i = 0; i < 3; i++) {
            assertEquals(Optional.empty(), second.write(foo(i)));
        }
        assertTrue(second.write(foo(3)).isPresent());
        assertEquals(2, CacheWalk.children(layout.prefetch()).size());
    }

    /** Whoever asks for a variant himself waits for it. */
    @Test
    void requestWriter_whatIsPrefetched_isRequestedAllTheSame() throws Exception {
        writer().write(foo(0));
        assertTrue(new RequestWriter(layout, READER).write(foo(0)).isPresent());
    }

    @Test
    void owner_ofOtherNames_isNone() {
        for (Path file : List.of(layout.prefetch().resolve("foo-1.0-x.json"), layout.prefetch().resolve("-1.json"),
                layout.prefetch().resolve("99999999999-x.json"), layout.pending().resolve("1000-x.json"))) {
            assertEquals(OptionalInt.empty(), OwnedRequest.owner(layout, file), file::toString);
        }
    }
}
