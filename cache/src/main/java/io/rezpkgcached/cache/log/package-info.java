/** Lines of rez's log, as {@code PackageCache._init_logging} formats them, and the files that hold them. Decides nothing about what is logged. */
package io.rezpkgcached.cache.log;
