/**
 * Where everything lies in a package cache, and what state each variant in it has. Reads only: it never creates,
 * changes or removes anything but our own folders.
 */
package io.rezpkgcached.cache.layout;
