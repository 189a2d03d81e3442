package io.rezpkgcached.cache.publish;

import io.rezpkgcached.cache.copy.CopiedPayload;
import io.rezpkgcached.cache.copy.CopyMonitor;
import io.rezpkgcached.cache.copy.LinkPolicy;
import io.rezpkgcached.cache.copy.Pace;
import io.rezpkgcached.cache.copy.PayloadCopier;
import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.records.CopyRecord;
import io.rezpkgcached.cache.testing.TestCache;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/** Copies one payload into a cache, as the daemon does, but without asking whether it should. */
record Copying(TestCache cache, Handle handle, Path source, Publisher publisher) {
    private static final List<String> REQUIREMENTS = List.of("python-3.7", "~foo-1");

    static Copying with(TestCache cache, Step.Observer steps) throws IOException {
        return new Copying(cache, cache.handle("foo", "1.0", 0), cache.repository().resolve("foo/1.0"),
                new Publisher(cache.layout(), cache.lock(), InstantSource.system(), steps));
    }

    Claim claim() throws Exception {
        return switch (publisher.claim(handle, REQUIREMENTS)) {
            case ClaimOutcome.Claimed claimed -> claimed.claim();
            case ClaimOutcome.Present present -> throw new AssertionError("present: " + present.variant());
        };
    }

    CopiedPayload copy(Claim claim) throws Exception {
        return new PayloadCopier(2, new LinkPolicy(List.of()), Pace.unlimited()).copy(source, claim.stagedPayload(),
                new CopyMonitor());
    }

    CopyRecord record(Claim claim) {
        return cache.record(handle, claim.entry());
    }

    boolean publish(Claim claim, CopiedPayload copied) throws Exception {
        return publisher.publish(claim, copied.root(), record(claim));
    }

    /** From beginning to end; a copy that fails is abandoned. */
    Claim run() throws Exception {
        Claim claim = claim();
        boolean done = false;
        try {
            done = publish(claim, copy(claim));
            return claim;
        } finally {
            if (!done) {
                publisher.abandon(claim);
            }
        }
    }
}
