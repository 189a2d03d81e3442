package io.rezpkgcached.cache.copy;

/** A payload that can never be copied as it is: a device, a socket, a FIFO, a cycle of links, a name that is too long. */
public final class PayloadRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    PayloadRefusedException(String message) {
        super(message);
    }

    PayloadRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
