package io.rezpkgcached.cache.layout;

import io.rezpkgcached.cache.handle.Handle;

/**
 * A variant that has an entry in the cache.
 *
 * @param status one of {@link Status#CACHED}, {@link Status#COPYING}, {@link Status#STALLED}
 */
public record CachedVariant(Handle handle, Entry entry, Status status) {}
