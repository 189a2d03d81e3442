/** What a resolve is stored under, to the byte as rez makes it. Never talks to a server. */
package io.rezpkgcached.resolve.key;
