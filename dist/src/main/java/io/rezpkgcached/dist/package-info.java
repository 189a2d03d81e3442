/** Packages of the distributions, .deb and .rpm, written by the build; not part of what is installed. */
package io.rezpkgcached.dist;
