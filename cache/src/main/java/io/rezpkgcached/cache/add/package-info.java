/**
 * One request from beginning to end: whether the variant is to be cached, by rez's own rules and ours, and the copy.
 * Knows nothing of the spool, of tries, or of who asked.
 */
package io.rezpkgcached.cache.add;
