/** settings. */
package io.rezpkgcached.settings;
