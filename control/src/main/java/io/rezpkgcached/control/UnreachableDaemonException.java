package io.rezpkgcached.control;

import java.io.IOException;
import java.util.Locale;

/** Its socket cannot be connected to: nobody listens there any more, or we may not. */
public final class UnreachableDaemonException extends IOException {
    private static final long serialVersionUID = 1L;

    UnreachableDaemonException(String socket, IOException cause) {
        super("the daemon cannot be reached: " + String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT) + ": "
                + socket, cause);
    }
}
