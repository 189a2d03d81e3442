package io.rezpkgcached.daemon;

/** What the daemon's exit status says, after {@code sysexits.h}. */
final class ExitCode {
    static final int OK = 0;

    /** The command line is wrong. */
    static final int USAGE = 64;

    /** There is no cache, or no directory where it should be. */
    static final int NO_CACHE = 66;

    /** A bug of ours. */
    static final int SOFTWARE = 70;

    /** The cache cannot be written or is of a newer format. */
    static final int CANNOT_WRITE = 73;

    /** Another daemon serves the cache. */
    static final int ALREADY_SERVED = 75;

    /** A new start may do what this process cannot ({@code EX_TEMPFAIL}, as above). */
    static final int START_AGAIN = ALREADY_SERVED;

    /** The settings are wrong. */
    static final int CONFIG = 78;

    private ExitCode() {}
}
