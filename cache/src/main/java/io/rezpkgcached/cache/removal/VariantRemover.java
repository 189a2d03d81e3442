package io.rezpkgcached.cache.removal;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.CachedVariant;
import io.rezpkgcached.cache.layout.Status;
import io.rezpkgcached.cache.layout.VariantLookup;
import io.rezpkgcached.cache.lock.CacheLock;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;

/** Takes variants out of the cache under rez's lock, with rez's outcomes ({@code PackageCache.remove_variant}). */
public final class VariantRemover {
    private final VariantLookup lookup;
    private final CacheLock lock;
    private final EntryRemoval removal;

    public VariantRemover(CacheLayout layout, CacheLock lock, InstantSource time) {
        this.lookup = new VariantLookup(layout, time);
        this.lock = lock;
        this.removal = new EntryRemoval(layout);
    }

    /** What became of it. */
    public enum Outcome {
        /** It was cached or stalled, and is no more; its payload waits to be purged. */
        REMOVED,
        /** It is not in the cache. */
        NOT_FOUND,
        /** Somebody is copying it, and it was left alone. */
        COPYING
    }

    /** Removes a variant; all its entries where there are several. */
    public Outcome remove(Handle handle) throws IOException, InterruptedException {
        if (lookup.find(handle).isEmpty()) {
            return Outcome.NOT_FOUND; // without the lock, which somebody may hold for long
        }
        try (CacheLock.Held _ = lock.acquire()) {
            Outcome outcome = Outcome.NOT_FOUND;
            for (Optional<CachedVariant> found = lookup.find(handle); found.isPresent(); found = lookup.find(handle)) {
                if (found.get().status() == Status.COPYING) {
                    return outcome == Outcome.REMOVED ? outcome : Outcome.COPYING;
                }
                removal.take(found.get().entry());
                outcome = Outcome.REMOVED;
            }
            return outcome;
        }
    }
}
