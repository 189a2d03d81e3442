/**
 * rez's versions, ranges of versions and requirements: reading them, comparing them, and printing them as rez does.
 *
 * <p>It never looks for packages and never resolves anything.
 */
package io.rezpkgcached.cache.version;
