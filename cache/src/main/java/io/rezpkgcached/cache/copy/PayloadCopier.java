package io.rezpkgcached.cache.copy;

import java.io.IOException;
import java.nio.file.Path;

/** Copies payloads; one copier serves many copies, also at the same time. */
public final class PayloadCopier {
    /**
     * A copier.
     *
     * @param threads files at once for each payload: platform threads, many of which hide the latency of the storage
     */
    public PayloadCopier(int threads, LinkPolicy links, Pace pace) {
        if (threads < 1) {
            throw new IllegalArgumentException("a copy needs at least one thread, not " + threads);
        }
    }

    /** Copies the tree under {@code source} to {@code target}, which must not exist and whose parent does. */
    public CopiedPayload copy(Path source, Path target, CopyMonitor monitor)
            throws IOException, PayloadRefusedException, CancelledException, InterruptedException {
        if (monitor.isCancelled()) {
            throw new CancelledException();
        }
        throw new IOException("not written yet: copy " + source + " to " + target);
    }
}
