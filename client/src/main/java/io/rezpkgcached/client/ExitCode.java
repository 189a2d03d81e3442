package io.rezpkgcached.client;

/** Exit status of the commands; 1 and 2 are rez's. */
final class ExitCode {
    static final int OK = 0;

    /** It could not be done; the reason is on stderr. */
    static final int FAILURE = 1;

    /** The command line is wrong. */
    static final int USAGE = 2;

    /** With {@code status --check}: it cannot be found out how the cache fares. */
    static final int UNKNOWN = 3;

    /** What was to be printed could not be written. */
    static final int IO = 74;

    /** The time was up: the status of timeout(1). */
    static final int TIMEOUT = 124;

    /** Ctrl-C: 128 and the number of SIGINT. */
    static final int INTERRUPTED = 130;

    private ExitCode() {}
}
