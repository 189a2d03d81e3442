/**
 * The few forms of Python data that rez's files depend on.
 *
 * <p>It never runs Python, and never builds anything but data.
 */
package io.rezpkgcached.cache.python;
