/** daemon. */
package io.rezpkgcached.daemon;
