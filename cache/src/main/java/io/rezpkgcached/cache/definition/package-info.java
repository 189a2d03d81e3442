/**
 * Finds out from a package's definition file what its variants are, where their payloads lie and whether they may be cached.
 * It never runs code of a package in this process, and never writes to a repository.
 */
package io.rezpkgcached.cache.definition;
