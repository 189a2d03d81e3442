package io.rezpkgcached.cache.publish;

import io.rezpkgcached.cache.layout.CachedVariant;

/** What came of the wish to copy a variant. */
public sealed interface ClaimOutcome {
    /** The entry is ours to fill. */
    record Claimed(Claim claim) implements ClaimOutcome {}

    /** There is one already: cached, being copied, or stalled. */
    record Present(CachedVariant variant) implements ClaimOutcome {}
}
