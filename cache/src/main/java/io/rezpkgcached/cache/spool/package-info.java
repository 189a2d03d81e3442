/**
 * Requests: how they are written, read, and what became of each. Nothing in here decides whether a variant is cached,
 * and nothing ever has a temporary name in a folder that rez reads.
 */
package io.rezpkgcached.cache.spool;
