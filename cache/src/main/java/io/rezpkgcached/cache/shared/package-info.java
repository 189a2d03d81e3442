/**
 * What makes a cache fit for all users of a machine: the owners and modes of its folders, and index files that anyone may touch and
 * therefore anyone may spoil. Set, checked and mended; it never serves a request.
 */
package io.rezpkgcached.cache.shared;
