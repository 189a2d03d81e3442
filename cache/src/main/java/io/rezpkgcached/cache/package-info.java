/** The package cache that rez shares with us. */
package io.rezpkgcached.cache;
