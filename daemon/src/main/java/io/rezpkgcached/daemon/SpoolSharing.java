package io.rezpkgcached.daemon;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.posix.Posix;
import io.rezpkgcached.cache.spool.OwnedRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * What is special about requests in a cache that many users share. Those that were read and are not served yet lie apart: every name in the
 * spool is poison to another user's rez in sync mode, which tries to serve it, and ends where it may not delete it.
 */
final class SpoolSharing {
    /** A context has some hundred variants; with this, one user fills neither the disk nor our memory. */
    static final int MOST_PER_USER = 1000;

    /** Why what one user wants prefetched beyond his share is not taken. */
    static final String TOO_MANY = "you have " + MOST_PER_USER
            + " requests for what nobody waits for yet; ask again when some are served";

    private final CacheLayout layout;
    private final int own = Posix.geteuid();

    SpoolSharing(CacheLayout layout) {
        this.layout = layout;
    }

    /** Whether so many requests of a user are too many for one more; root and the daemon's own user may ask for as much as they like. */
    boolean isTooMany(int owner, int requests) {
        return owner != own && owner != 0 && requests >= MOST_PER_USER;
    }

    boolean isApart(Path file) {
        return OwnedRequest.isOne(layout, file);
    }

    /** Takes a request out of the spool; where its owner, or his rez, has deleted it, it is written anew. Returns where it is. */
    Path putApart(Path file, Handle handle, int owner) throws IOException {
        Path apart = OwnedRequest.of(layout.waiting(), owner); // its own name is its owner's choice
        try {
            Files.move(file, apart, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException _) {
            return OwnedRequest.write(layout, layout.waiting(), handle, owner);
        }
        return apart;
    }
}
