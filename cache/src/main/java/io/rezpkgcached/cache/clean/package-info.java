/**
 * Keeps a cache clean: removes what was not used for long or stalled, purges what was removed, mends what a killed
 * process left half done. Never touches what is being copied.
 */
package io.rezpkgcached.cache.clean;
