/** client. */
package io.rezpkgcached.client;
