/**
 * JSON as plain Java trees: strict, bounded reading, and writing byte for byte as Python's {@code json.dumps} does.
 *
 * <p>It never maps JSON to classes, never opens a file, and knows nothing of rez.
 */
package io.rezpkgcached.cache.json;
