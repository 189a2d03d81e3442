/**
 * What client and daemon say to each other: JSON lines over a Unix socket ({@code docs/control.md}). Requests to copy do not
 * travel here but through the spool, so that none is lost where nobody listens.
 */
package io.rezpkgcached.control;
