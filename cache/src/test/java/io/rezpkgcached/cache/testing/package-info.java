/** Helpers for tests of several packages: trees compared, programs run without privileges. Never used by the program. */
package io.rezpkgcached.cache.testing;
