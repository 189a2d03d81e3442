/**
 * Copies one payload, a directory tree on shared storage, into a new directory.
 *
 * <p>It never writes to the source, never touches anything outside the target, and knows nothing of caches: it neither names, publishes,
 * syncs nor deletes a copy.
 */
package io.rezpkgcached.cache.copy;
