/** Talks to memcached servers: which one holds a key, values as bytes, statistics. Knows nothing of what is in them. */
package io.rezpkgcached.resolve.server;
