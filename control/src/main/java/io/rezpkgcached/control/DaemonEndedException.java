package io.rezpkgcached.control;

import java.io.IOException;

/** The daemon ended, or dropped us, before it had said all. */
public final class DaemonEndedException extends IOException {
    private static final long serialVersionUID = 1L;

    DaemonEndedException() {
        super("the daemon has gone");
    }

    DaemonEndedException(IOException cause) {
        super("the daemon has gone: " + cause.getMessage(), cause);
    }
}
