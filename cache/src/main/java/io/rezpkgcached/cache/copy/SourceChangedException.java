package io.rezpkgcached.cache.copy;

import java.io.IOException;

/** A payload that kept changing while it was copied, for as many rounds as a copy takes; it may succeed when its writer is done. */
public final class SourceChangedException extends IOException {
    private static final long serialVersionUID = 1L;

    SourceChangedException(String message) {
        super(message);
    }
}
