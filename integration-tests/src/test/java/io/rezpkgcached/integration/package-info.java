/** Tests of the distribution folder as a whole: they know its commands and files, and nothing of the classes behind. */
package io.rezpkgcached.integration;
