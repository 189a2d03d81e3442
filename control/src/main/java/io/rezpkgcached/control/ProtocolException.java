package io.rezpkgcached.control;

import java.io.IOException;

/** The other side said something that we do not understand; the message says what. */
public final class ProtocolException extends IOException {
    private static final long serialVersionUID = 1L;

    public ProtocolException(String message) {
        super(message);
    }

    ProtocolException(String message, Throwable cause) {
        super(message, cause);
    }
}
