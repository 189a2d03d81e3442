/** Reads and writes Python's pickles as plain data. Never makes an object of a class, and never calls anything. */
package io.rezpkgcached.resolve.pickle;
