package io.rezpkgcached.cache.shared;

import java.io.IOException;

/** Something in a shared cache belongs to another user than its daemon's, until somebody gives it to him. */
public final class ForeignOwnerException extends IOException {
    private static final long serialVersionUID = 1L;

    ForeignOwnerException(String message) {
        super(message);
    }
}
