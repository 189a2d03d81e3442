package io.rezpkgcached.cache.listing;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.Status;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One line of a listing.
 *
 * @param payload where it is, or is to be, in the cache; empty while it is pending
 */
public record ListedVariant(Status status, Handle handle, String uri, Optional<Path> payload) {}
