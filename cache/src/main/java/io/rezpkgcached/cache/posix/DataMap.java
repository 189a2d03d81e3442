package io.rezpkgcached.cache.posix;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Where a file has data and where it has holes, read as zeros, that take no space.
 *
 * <p>On a file system that does not tell, everything is data. For one thread at a time.
 */
public final class DataMap implements AutoCloseable {
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;

    private final int fd;
    private final long size;
    private final AtomicBoolean closed = new AtomicBoolean();

    private DataMap(int fd, long size) {
        this.fd = fd;
        this.size = size;
    }

    /**
     * Opens a file, not following a link.
     *
     * @param size up to where to look, in bytes
     */
    public static DataMap open(Path file, long size) throws IOException {
        int flags = LibC.O_RDONLY | LibC.O_NOFOLLOW | LibC.O_NONBLOCK | LibC.O_CLOEXEC;
        return new DataMap((int) PosixException.check(LibC.open(file, flags, 0), "open", file), size);
    }

    /** The first byte of data from a position on; the size where there is none. */
    public long nextData(long from) {
        long found = LibC.lseek(fd, from, SEEK_DATA);
        return found == -Errno.ENXIO ? size : found < 0 ? from : Math.min(found, size);
    }

    /** The first byte of a hole from a position on; the size where there is none. */
    public long nextHole(long from) {
        long found = LibC.lseek(fd, from, SEEK_HOLE);
        return found < 0 ? size : Math.min(found, size);
    }

    /** Closes the file; a second call does nothing. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            LibC.close(fd);
        }
    }
}
