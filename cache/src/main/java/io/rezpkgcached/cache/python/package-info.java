/**
 * Python as text: how it prints strings, and what a source file assigns at its top level as far as that can be known
 * without running it. It never runs Python, and never guesses what only running it would tell.
 */
package io.rezpkgcached.cache.python;
