/**
 * Reads rez's settings and ours, once, into typed records that also say where each value came from.
 * It never runs Python, writes nothing, logs nothing, and never replaces a bad value by a good one.
 */
package io.rezpkgcached.settings;
