/**
 * Looks resolves up in rez's memcached and stores them there, by rez's rules. Never solves, never runs anything, and never lets a
 * slow server hold its caller up.
 */
package io.rezpkgcached.resolve;
