/**
 * How entries and trees go away: retired by a rename under the lock, deleted later without it. Decides nothing: who
 * calls it has decided.
 */
package io.rezpkgcached.cache.removal;
