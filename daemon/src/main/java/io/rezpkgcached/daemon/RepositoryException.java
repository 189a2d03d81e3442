package io.rezpkgcached.daemon;

import java.io.IOException;

/** A repository of a shared cache is not there, or not open to everyone; that may change without a new start. */
final class RepositoryException extends IOException {
    private static final long serialVersionUID = 1L;

    RepositoryException(String message) {
        super(message);
    }
}
