package io.rezpkgcached.settings;

/** A value that cannot be used; the message says what was found and what is wanted, and leaves name and place to the caller. */
final class BadValue extends Exception {

    private static final long serialVersionUID = 1L;

    BadValue(String message) {
        super(message);
    }
}
