package io.rezpkgcached.cache.posix;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A file that stays the same whatever becomes of its name: what is asked of it is asked of the open file.
 *
 * <p>Opening it neither follows a link nor blocks on a pipe.
 */
public final class OpenedFile implements AutoCloseable {
    /** The kernel's bound on the value of an attribute. */
    private static final int LARGEST_ATTRIBUTE = 65536;

    private static final int FILE_TYPE = 0170000;
    private static final int REGULAR = 0100000;

    private final int fd;
    private final Path name;
    private final AtomicBoolean closed = new AtomicBoolean();

    private OpenedFile(int fd, Path name) {
        this.fd = fd;
        this.name = name;
    }

    /** Opens a file for reading. */
    public static OpenedFile open(Path file) throws IOException {
        int flags = LibC.O_RDONLY | LibC.O_NOFOLLOW | LibC.O_NONBLOCK | LibC.O_CLOEXEC;
        return new OpenedFile((int) PosixException.check(LibC.open(file, flags, 0), "open", file), file);
    }

    /** Whether it is a plain file, of which a read neither blocks nor changes anything. */
    public boolean isRegular() throws IOException {
        return (mode() & FILE_TYPE) == REGULAR;
    }

    /** Type and permissions. */
    public int mode() throws IOException {
        return (int) Files.getAttribute(descriptor(), "unix:mode");
    }

    /** Where it lies now: another path than it was opened by where a link was on the way, or it was moved. */
    public Path place() throws IOException {
        return Files.readSymbolicLink(descriptor());
    }

    /** Its POSIX ACL; empty if it has none. */
    public Optional<byte[]> acl() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(LARGEST_ATTRIBUTE);
            long length = LibC.fgetxattr(fd, arena.allocateFrom(Xattrs.ACL, StandardCharsets.ISO_8859_1), value);
            if (length == -Errno.ENODATA || length == -Errno.ENOTSUP) {
                return Optional.empty();
            }
            PosixException.check(length, "read the ACL of", name);
            return Optional.of(value.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
        }
    }

    /** Opens the same file once more, for its content. */
    public FileChannel channel() throws IOException {
        return FileChannel.open(descriptor(), StandardOpenOption.READ);
    }

    private Path descriptor() {
        return Path.of("/proc/self/fd/" + fd);
    }

    /** Closes it; a second call does nothing. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            LibC.close(fd);
        }
    }
}
