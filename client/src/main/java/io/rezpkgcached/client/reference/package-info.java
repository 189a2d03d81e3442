/**
 * What is written from the declarations of the commands when the distribution is built: manual pages, completion for shells.
 * Never loaded by a command.
 */
package io.rezpkgcached.client.reference;
