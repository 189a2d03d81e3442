/**
 * The words of a command line: declared once, from which they are parsed, explained, completed, and written down as manual
 * pages. Knows no command.
 */
package io.rezpkgcached.client.syntax;
