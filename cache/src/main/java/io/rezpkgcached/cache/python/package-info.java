/**
 * Reads text that Python wrote or would run: the top level of a source file, and literal values.
 * It never runs anything: what only running the file could tell is reported as computed.
 */
package io.rezpkgcached.cache.python;
