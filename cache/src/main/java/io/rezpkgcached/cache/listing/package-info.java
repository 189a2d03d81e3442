/** What a cache holds, in rez's words and order, also while no repository can be reached. Reads only. */
package io.rezpkgcached.cache.listing;
