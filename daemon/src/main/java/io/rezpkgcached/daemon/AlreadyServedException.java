package io.rezpkgcached.daemon;

import java.io.IOException;

/** Another daemon holds the cache; the message says which. */
final class AlreadyServedException extends IOException {
    private static final long serialVersionUID = 1L;

    AlreadyServedException(String message) {
        super(message);
    }
}
