package io.rezpkgcached.cache.lock;

import java.io.IOException;

/** The lock was not to be had in time; the message says who holds it, as far as that is known. */
public final class LockTimeoutException extends IOException {
    private static final long serialVersionUID = 1L;

    LockTimeoutException(String message) {
        super(message);
    }
}
