/**
 * Who may read what: whether every user of the machine may, by modes and ACLs. Only looks, and never changes anything.
 */
package io.rezpkgcached.cache.access;
