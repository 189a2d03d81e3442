package io.rezpkgcached.cache.spool;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.OurFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Requests variants that nobody waits for yet, each once, and none that is requested by anybody. Reads all requests there are. */
public final class PrefetchWriter {
    private final CacheLayout layout;
    private final int owner;
    private final Set<Handle> requested = new HashSet<>();

    /** For one user, in a cache of this process's own. */
    public PrefetchWriter(CacheLayout layout, RequestReader reader, int owner) throws IOException {
        this.layout = layout;
        this.owner = owner;
        if (!Files.isDirectory(layout.prefetch())) {
            OurFolder.prepare(layout); // there was no daemon yet, or an older one
        }
        for (SpoolFolder folder : SpoolFolder.of(layout)) {
            requested.addAll(reader.handles(folder.path()));
        }
    }

    /** Requests a variant; empty if it is requested already. */
    public Optional<Path> write(Handle handle) throws IOException {
        return requested.add(handle)
                ? Optional.of(OwnedRequest.write(layout, layout.prefetch(), handle, owner))
                : Optional.empty();
    }
}
