/** A real memcached for tests. */
package io.rezpkgcached.resolve.testing;
