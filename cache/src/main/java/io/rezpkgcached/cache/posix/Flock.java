package io.rezpkgcached.cache.posix;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An exclusive flock(2) lock, held until it is closed or the process ends, however it ends.
 *
 * <p>Two locks of one file exclude each other within a process too. The file stays when the lock is released: deleting it would let two
 * processes lock two files of one name. Processes that do not ask are not kept out, and on NFS only clients that map flock to a server lock are.
 */
public final class Flock implements AutoCloseable {
    private static final int LOCK_SH_NB = 1 | 4;
    private static final int LOCK_EX_NB = 2 | 4;

    private final int fd;
    private final Path file;
    private final Object key;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Flock(int fd, Path file, Object key) {
        this.key = key;
        this.fd = fd;
        this.file = file;
    }

    /**
     * Takes the lock if nobody has it, without waiting.
     *
     * @param mode permissions of the file where it has to be made, before the umask
     * @return empty while another open lock has it
     */
    public static Optional<Flock> tryLock(Path file, int mode) throws IOException {
        return tryLock(file, LibC.O_RDWR | LibC.O_CREAT, mode);
    }

    /**
     * The same for a folder, which must exist; the lock stays with it when it is renamed.
     *
     * @throws NoSuchFileException if it does not
     */
    public static Optional<Flock> tryLockFolder(Path folder) throws IOException {
        try {
            return tryLock(folder, LibC.O_RDONLY | LibC.O_DIRECTORY, 0);
        } catch (PosixException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR) {
                throw new NoSuchFileException(folder.toString(), null, "no such folder");
            }
            throw e;
        }
    }

    /**
     * Whether somebody has the lock now. Takes it for a moment where nobody does, shared, so that two who ask do not take each other for it.
     *
     * @return false as well if there is no such file
     * @throws AccessDeniedException if we may not read it
     */
    public static boolean isHeld(Path file) throws IOException {
        long fd = LibC.open(file, LibC.O_RDONLY | LibC.O_CLOEXEC, 0);
        if (fd == -Errno.ENOENT) {
            return false;
        }
        if (fd == -Errno.EACCES) {
            throw new AccessDeniedException(file.toString());
        }
        PosixException.check(fd, "open for locking", file);
        long result = LibC.flock((int) fd, LOCK_SH_NB);
        LibC.close((int) fd);
        if (result < 0 && result != -Errno.EWOULDBLOCK) {
            throw new PosixException((int) -result, "flock", file);
        }
        return result < 0;
    }

    private static Optional<Flock> tryLock(Path file, int flags, int mode) throws IOException {
        int fd = (int) PosixException.check(LibC.open(file, flags | LibC.O_CLOEXEC, mode), "open for locking", file);
        long result = LibC.flock(fd, LOCK_EX_NB);
        if (result < 0) {
            LibC.close(fd);
            if (result == -Errno.EWOULDBLOCK) {
                return Optional.empty();
            }
            throw new PosixException((int) -result, "flock", file);
        }
        Object key = Files.readAttributes(Path.of("/proc/self/fd", Integer.toString(fd)), "unix:fileKey")
                .get("fileKey");
        return Optional.of(new Flock(fd, file, key));
    }

    /** The file that is locked. */
    public Path file() {
        return file;
    }

    /** Whether a path still leads to the file that is locked. */
    public boolean isOf(Path path) {
        try {
            return Files.readAttributes(path, "unix:fileKey").get("fileKey").equals(key);
        } catch (NoSuchFileException _) {
            return false;
        } catch (IOException _) {
            return true; // a disk that fails now has not lost it
        }
    }

    /** Releases the lock; a second call does nothing. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            LibC.close(fd);
        }
    }
}
