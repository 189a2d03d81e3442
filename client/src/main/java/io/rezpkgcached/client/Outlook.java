package io.rezpkgcached.client;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.CachedVariant;
import io.rezpkgcached.cache.layout.Status;
import io.rezpkgcached.cache.layout.VariantLookup;
import io.rezpkgcached.cache.spool.RefusedRequest;
import io.rezpkgcached.cache.spool.RefusedRequests;
import io.rezpkgcached.cache.spool.RequestFile;
import io.rezpkgcached.cache.spool.RequestNote;
import io.rezpkgcached.cache.spool.RequestNotes;
import io.rezpkgcached.cache.spool.RequestReader;
import io.rezpkgcached.cache.spool.SpoolFolder;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Tells of variants whether they will be cached, by what lies in the cache and its spool. */
final class Outlook {
    /** What is to be expected of one variant. */
    sealed interface Expected {
        /** It is cached. */
        record Cached() implements Expected {}

        /** It is being copied. */
        record Copying() implements Expected {}

        /** It is requested. */
        record Requested() implements Expected {}

        /** It will not be, for a reason. */
        record Never(String reason) implements Expected {}

        /** Nobody asks for it: it was declined, or has never been requested, or somebody is between two steps. */
        record Unasked() implements Expected {}
    }

    private final CacheLayout layout;
    private final VariantLookup lookup;
    private final RequestReader reader;
    private final RequestNotes failed;
    private final RefusedRequests refused;
    private final DaemonsRequests daemons;
    private final Map<Path, Handle> read = new HashMap<>();

    Outlook(CacheLayout layout, InstantSource time) {
        this.layout = layout;
        this.lookup = new VariantLookup(layout, time);
        this.reader = RequestReader.plain(time);
        this.failed = new RequestNotes(layout.failed());
        this.refused = new RefusedRequests(layout, time);
        this.daemons = new DaemonsRequests(layout);
    }

    /** All that is requested now. Each file is read once. */
    Set<Handle> requested() throws IOException {
        Set<Path> present = new HashSet<>(SpoolFolder.files(layout));
        read.keySet().retainAll(present);
        for (Path path : present) {
            if (!read.containsKey(path) && reader.read(path) instanceof RequestFile.Complete complete) {
                read.put(path, complete.handle());
            }
        }
        return Set.copyOf(read.values());
    }

    /** @param requested taken before: a request is deleted after its variant was cached */
    Expected of(Handle handle, Set<Handle> requested) throws IOException {
        Optional<CachedVariant> found = lookup.find(handle);
        if (found.isPresent() && found.get().status() != Status.STALLED) {
            return found.get().status() == Status.CACHED ? new Expected.Cached() : new Expected.Copying();
        }
        Optional<String> note = note(handle);
        if (found.isPresent()) {
            return new Expected.Never(note.map(reason -> "failed: " + reason)
                    .orElse("stalled copying to " + found.get().entry().payload()));
        }
        if (requested.contains(handle)) {
            return new Expected.Requested();
        }
        if (note.isPresent()) {
            return new Expected.Never("failed: " + note.get());
        }
        return refusal(handle).<Expected>map(reason -> new Expected.Never("refused: " + reason))
                .orElseGet(Expected.Unasked::new);
    }

    private Optional<String> note(Handle handle) throws IOException {
        try {
            return failed.get(handle).map(RequestNote::reason);
        } catch (AccessDeniedException _) {
            return daemons.reason("failed", handle);
        }
    }

    private Optional<String> refusal(Handle handle) throws IOException {
        try {
            for (RefusedRequest request : refused.all()) {
                if (request.handle().equals(Optional.of(handle))) {
                    return Optional.of(request.reason());
                }
            }
            return Optional.empty();
        } catch (AccessDeniedException _) {
            return daemons.reason("refused", handle);
        }
    }
}
