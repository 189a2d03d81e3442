/**
 * The daemon: watches the spool, gives requests to workers, tries again, logs. One thread, the loop, owns all that is
 * known of requests; events only wake it. It reads the cache's own disk alone, so that dead storage never stops it.
 */
package io.rezpkgcached.daemon;
