package io.rezpkgcached.resolve;

/** A value in memcached that is no resolve; the message says why. */
final class UnusableException extends Exception {
    private static final long serialVersionUID = 1;

    UnusableException(String message) {
        super(message);
    }
}
