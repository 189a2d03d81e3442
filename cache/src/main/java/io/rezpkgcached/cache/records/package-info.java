/**
 * What is known of each payload that was copied. A record is written once the payload can be used, and says nothing of
 * its later use.
 */
package io.rezpkgcached.cache.records;
