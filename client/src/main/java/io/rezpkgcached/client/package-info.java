/** {@code rez-pkg-cache}: the commands. Parse, one call, exit status; results on stdout, words on stderr. */
package io.rezpkgcached.client;
