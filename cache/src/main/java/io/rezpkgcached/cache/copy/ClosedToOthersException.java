package io.rezpkgcached.cache.copy;

import java.io.IOException;

/** A payload for everyone of which something may not be read by everyone; the message says what, and why. */
public final class ClosedToOthersException extends IOException {
    private static final long serialVersionUID = 1L;

    ClosedToOthersException(String message) {
        super(message);
    }
}
