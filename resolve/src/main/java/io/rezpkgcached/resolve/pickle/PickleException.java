package io.rezpkgcached.resolve.pickle;

import java.io.IOException;

/** Bytes that are no pickle of plain data; the message says where and why. */
public final class PickleException extends IOException {
    private static final long serialVersionUID = 1;

    PickleException(String message) {
        super(message);
    }
}
