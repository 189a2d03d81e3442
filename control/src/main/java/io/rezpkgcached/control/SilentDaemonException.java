package io.rezpkgcached.control;

import java.io.IOException;
import java.time.Duration;

/** The daemon is there, but says nothing: it is stopped, or stuck. */
public final class SilentDaemonException extends IOException {
    private static final long serialVersionUID = 1L;

    SilentDaemonException(Duration silence) {
        super("the daemon has not answered for " + silence.toSeconds() + " s");
    }
}
