/** Requests that nobody serves any more, since they were given up or refused: put back into the spool, or dropped, as a person says. */
package io.rezpkgcached.cache.aside;
