package io.rezpkgcached.cache.posix;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells of files that were made in a folder, or written and closed there, the moment that they were: Java's own watch needs milliseconds
 * more, in which who wrote a file may have deleted it. For one thread. Some may be missed, as where thousands come at once.
 */
public final class NewFiles implements AutoCloseable {
    private static final int IN_CLOSE_WRITE = 0x8;
    private static final int IN_MOVED_TO = 0x80;
    private static final int IN_CREATE = 0x100;
    private static final short POLLIN = 1;
    /** {@code struct inotify_event}: watch, mask, cookie, length of the name that follows. */
    private static final long LENGTH_OFFSET = 12;
    private static final long HEADER_BYTES = 16;
    private static final int BUFFER_BYTES = 64 * 1024;

    private final int fd;
    private final Path folder;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer = arena.allocate(BUFFER_BYTES, Long.BYTES);
    private final MemorySegment descriptor = arena.allocate(Long.BYTES, Long.BYTES);

    private NewFiles(int fd, Path folder) {
        this.fd = fd;
        this.folder = folder;
        descriptor.set(ValueLayout.JAVA_INT, 0, fd);
        descriptor.set(ValueLayout.JAVA_SHORT, Integer.BYTES, POLLIN);
    }

    /** Begins to watch. */
    public static NewFiles in(Path folder) throws IOException {
        int flags = LibC.O_CLOEXEC | LibC.O_NONBLOCK;
        int fd = (int) PosixException.check(LibC.inotifyInit(flags), "inotify_init of", folder);
        long watch = LibC.inotifyAddWatch(fd, folder, IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE);
        if (watch < 0) {
            LibC.close(fd);
            PosixException.check(watch, "watch", folder);
        }
        return new NewFiles(fd, folder);
    }

    /** Waits for some; none if there were none for so long. A file may be told of twice, and be gone by now. */
    public List<Path> await(Duration atMost) throws IOException {
        if (LibC.poll(descriptor, (int) atMost.toMillis()) <= 0) {
            return List.of();
        }
        long bytes = LibC.read(fd, buffer);
        if (bytes == -Errno.EWOULDBLOCK) {
            return List.of();
        }
        PosixException.check(bytes, "read what is new in", folder);
        List<Path> found = new ArrayList<>();
        for (long at = 0; at < bytes;) {
            int length = buffer.get(ValueLayout.JAVA_INT_UNALIGNED, at + LENGTH_OFFSET);
            if (length > 0) {
                String name = buffer.asSlice(at + HEADER_BYTES, length).getString(0, StandardCharsets.UTF_8);
                if (name.indexOf('\uFFFD') < 0) { // a name that is not UTF-8 is none that rez writes
                    found.add(folder.resolve(name));
                }
            }
            at += HEADER_BYTES + length;
        }
        return found;
    }

    /** To be called by the thread that waits, or after it has ended. */
    @Override
    public void close() {
        LibC.close(fd);
        arena.close();
    }
}
