/** Rules that hold over the modules together, tested where all of them are seen. */
package io.rezpkgcached.dist;
