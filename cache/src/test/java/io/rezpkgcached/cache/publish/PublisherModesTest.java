package io.rezpkgcached.cache.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.OurFolder;
import io.rezpkgcached.cache.lock.CacheLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PublisherModesTest {
    @TempDir
    private Path dir;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void claim_indexFile_canBeTouchedByThoseWhoUseTheCache(boolean forOthers) throws Exception {
        Path plain = Files.createFile(dir.resolve(".plain"));
        Set<PosixFilePermission> expected = forOthers
                ? PosixFilePermissions.fromString("rw-rw-rw-")
                : Files.getPosixFilePermissions(plain);
        CacheLayout layout = CacheLayout.of(dir);
        OurFolder.prepare(layout);
        CacheLock lock = new CacheLock(layout, _ -> {});
        Publisher publisher = new Publisher(layout, lock, InstantSource.system(), Step.Observer.NONE, forOthers);
        Handle handle = Handle.of("/svr/packages", "foo", Optional.of("1.0"), OptionalInt.empty());
        Claim claim = assertInstanceOf(ClaimOutcome.Claimed.class, publisher.claim(handle, List.of())).claim();
        assertEquals(expected, Files.getPosixFilePermissions(claim.entry().index()));
    }
}
