/**
 * Which variant: rez's resource handles, the text and hash that name their folder, and the names {@code a}, {@code b},
 * ... within it.
 *
 * <p>It never touches a disk: whether a package exists, and what a name is taken by, others find out.
 */
package io.rezpkgcached.cache.handle;
