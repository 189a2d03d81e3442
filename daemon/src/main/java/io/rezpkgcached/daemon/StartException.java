package io.rezpkgcached.daemon;

/** A problem that ends the start, with the exit status that says what kind it is. */
final class StartException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int exitCode;
    private final boolean mayPass;

    StartException(int exitCode, String message) {
        this(exitCode, message, false);
    }

    /** @param mayPass whether the same start may succeed another time */
    StartException(int exitCode, String message, boolean mayPass) {
        super(message);
        this.exitCode = exitCode;
        this.mayPass = mayPass;
    }

    int exitCode() {
        return exitCode;
    }

    boolean mayPass() {
        return mayPass;
    }
}
