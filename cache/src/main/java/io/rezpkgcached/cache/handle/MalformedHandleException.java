package io.rezpkgcached.cache.handle;

/**
 * A JSON tree is not the handle of a variant, or not one that may be followed.
 *
 * <p>The message is one line: what is wrong, the value abbreviated, and what is expected.
 */
public final class MalformedHandleException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedHandleException(String message) {
        super(message);
    }
}
