package io.rezpkgcached.cache.posix;

import java.io.IOException;
import java.nio.file.Path;

/** A system call that failed: its message has the operation, the path and the system's words, {@link #errno()} the number. */
public final class PosixException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    PosixException(int errno, String operation, Path path) {
        super(operation + " " + path + ": " + Errno.text(errno));
        this.errno = errno;
    }

    /** One of {@link Errno}, or another number of the system. */
    public int errno() {
        return errno;
    }

    /** Turns the result of {@link LibC} (negative: an error number) into a value or an exception. */
    static long check(long result, String operation, Path path) throws PosixException {
        if (result < 0) {
            throw new PosixException((int) -result, operation, path);
        }
        return result;
    }
}
