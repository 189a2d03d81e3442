/**
 * How a payload comes into the cache: claimed under the lock, copied aside, published under the lock in one rename.
 * The order of the steps stands in {@link io.rezpkgcached.cache.publish.Publisher} alone.
 */
package io.rezpkgcached.cache.publish;
