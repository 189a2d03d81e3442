package io.rezpkgcached.resolve.key;

/** A request whose key cannot be made as rez makes it; the message says what of it. */
public final class UnprintableException extends Exception {
    private static final long serialVersionUID = 1;

    public UnprintableException(String message) {
        super(message);
    }
}
