package io.rezpkgcached.cache.aside;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.CachedVariant;
import io.rezpkgcached.cache.layout.Status;
import io.rezpkgcached.cache.layout.VariantLookup;
import io.rezpkgcached.cache.lock.CacheLock;
import io.rezpkgcached.cache.removal.VariantRemover;
import io.rezpkgcached.cache.spool.RefusedRequest;
import io.rezpkgcached.cache.spool.RefusedRequests;
import io.rezpkgcached.cache.spool.RequestNote;
import io.rezpkgcached.cache.spool.RequestNotes;
import io.rezpkgcached.cache.spool.RequestReader;
import io.rezpkgcached.cache.spool.RequestWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;

/** The requests of one cache that were given up or refused. */
public final class AsideRequests {
    /** No user has this number: chown(2) takes it for "leave it". */
    private static final int NOBODY = -1;

    private final CacheLayout layout;
    private final RequestNotes failed;
    private final RefusedRequests refused;
    private final VariantLookup lookup;
    private final VariantRemover remover;
    private final InstantSource time;

    public AsideRequests(CacheLayout layout, CacheLock lock, InstantSource time) {
        this.layout = layout;
        this.failed = new RequestNotes(layout.failed());
        this.refused = new RefusedRequests(layout, time);
        this.lookup = new VariantLookup(layout, time);
        this.remover = new VariantRemover(layout, lock, time);
        this.time = time;
    }

    /**
     * Has them tried again: what stalled is removed, and each is requested anew. A refused one that holds no handle stays as
     * it is.
     *
     * @param handle of one variant; empty: all of them
     * @param mayAsk whether what was refused to this user is to be requested again: it is then asked for by whoever runs this
     * @return the variants that are requested again
     */
    public Set<Handle> retry(Optional<Handle> handle, IntPredicate mayAsk) throws IOException, InterruptedException {
        Set<Handle> again = new LinkedHashSet<>();
        RequestWriter writer = new RequestWriter(layout, RequestReader.plain(time));
        for (RequestNote note : failed.all()) {
            if (isMeant(note.handle(), handle)) {
                if (lookup.find(note.handle()).map(CachedVariant::status).equals(Optional.of(Status.STALLED))) {
                    remover.remove(note.handle());
                }
                writer.write(note.handle());
                failed.remove(note.handle());
                again.add(note.handle());
            }
        }
        for (RefusedRequest request : refused.all()) {
            Optional<Handle> held = request.handle();
            if (held.isPresent() && isMeant(held.get(), handle) && mayAsk.test((int) request.owner())) {
                writer.write(held.get());
                Files.deleteIfExists(request.report());
                again.add(held.get());
            }
        }
        return again;
    }

    /**
     * Forgets them. What stalled stays in the cache until a clean.
     *
     * @param handle  of one variant; empty: all of them
     * @param isMeant whether what was refused to this user is to be forgotten; what failed is nobody's, and is where all are meant
     * @return which, each once: a variant's handle, or the report of what holds none
     */
    public Set<Object> discard(Optional<Handle> handle, IntPredicate isMeant) throws IOException {
        Set<Object> discarded = new LinkedHashSet<>();
        for (RequestNote note : failed.all()) {
            if (isMeant(note.handle(), handle) && isMeant.test(NOBODY)) {
                failed.remove(note.handle());
                discarded.add(note.handle());
            }
        }
        for (RefusedRequest request : refused.all()) {
            boolean asked = handle.isEmpty() || handle.equals(request.handle());
            if (asked && isMeant.test((int) request.owner())) {
                Files.deleteIfExists(request.report());
                discarded.add(request.handle().isPresent() ? request.handle().get() : request.report());
            }
        }
        return discarded;
    }

    private static boolean isMeant(Handle found, Optional<Handle> wanted) {
        return wanted.isEmpty() || wanted.get().equals(found);
    }
}
