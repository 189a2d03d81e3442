/**
 * Calls the C library for what Java cannot do: flock, syncfs, extended attributes, nameless files, opening without following or blocking, signals.
 *
 * <p>The only package with native code. It never decides anything: each method is one operation on the file system, and its failure is
 * an {@link java.io.IOException} with the operation, the path and the system's words. Linux with glibc, x86-64 and aarch64.
 */
package io.rezpkgcached.cache.posix;
