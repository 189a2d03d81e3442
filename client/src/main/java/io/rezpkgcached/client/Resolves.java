package io.rezpkgcached.client;

import io.rezpkgcached.resolve.ResolveCache;
import io.rezpkgcached.resolve.Verdict;
import io.rezpkgcached.resolve.key.ResolveRequest;
import io.rezpkgcached.settings.ResolveCacheSettings;
import java.io.IOException;
import java.util.Optional;

/** The resolve cache as commands ask it: one that is off has nothing, and it is said why. */
final class Resolves implements AutoCloseable {
    private final ResolveCacheSettings settings;
    private final Optional<ResolveCache> cache;

    private Resolves(ResolveCacheSettings settings, Optional<ResolveCache> cache) {
        this.settings = settings;
        this.cache = cache;
    }

    /** @throws IOException if the address of a server cannot be read */
    static Resolves open(ResolveCacheSettings settings, Session session) throws IOException {
        try {
            return new Resolves(settings,
                    ResolveCache.open(settings, session.err()::println, session.memcacheTrace(settings)));
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    Verdict lookup(ResolveRequest request, boolean isDiscarded) throws InterruptedException {
        return cache.isPresent()
                ? cache.get().lookup(request, isDiscarded)
                : new Verdict.Miss(request.plainKey().hashed(settings.debugKeys()),
                        "the resolve cache is off: " + settings.whyOff());
    }

    @Override
    public void close() {
        cache.ifPresent(ResolveCache::close);
    }
}
