/**
 * rez's lock on a package cache, such that a rez process and ours exclude each other. It is held for milliseconds:
 * nothing in here, and nobody who holds it, may walk a tree, copy or sync.
 */
package io.rezpkgcached.cache.lock;
