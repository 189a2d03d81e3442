package io.rezpkgcached.cache.posix;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalInt;

/** Single operations on the file system that Java does not offer. */
public final class Posix {
    private static final int FILE_TYPE = 0170000;
    private static final int REGULAR = 0100000;
    private static final int OWNER_ONLY = 0600;
    /** Nanoseconds field that tells utimensat(2) to leave a time alone ({@code UTIME_OMIT}). */
    private static final long OMIT = (1L << 30) - 2;
    /** The same that tells it to take the system's clock ({@code UTIME_NOW}). */
    private static final long NOW = (1L << 30) - 1;

    /** The same number on x86-64 and aarch64 ({@code asm-generic/ioctls.h}). */
    private static final long TIOCGWINSZ = 0x5413;

    private static final int POLLERR = 8;

    private static final int CLOCK_MONOTONIC = 1;

    private static final int SIGINT = 2;
    private static final int SIGTERM = 15;

    private Posix() {}

    /** Writes everything that waits to be written to the file system of this file or directory, of all processes. */
    public static void syncfs(Path anyFileOnFs) throws IOException {
        int flags = LibC.O_RDONLY | LibC.O_CLOEXEC | LibC.O_NONBLOCK;
        int fd = (int) PosixException.check(LibC.open(anyFileOnFs, flags, 0), "open for syncfs", anyFileOnFs);
        long result = LibC.syncfs(fd);
        LibC.close(fd);
        PosixException.check(result, "syncfs", anyFileOnFs);
    }

    /** Has the next Ctrl-C or SIGTERM end this process at once, whatever it is doing; Java itself ignores them while it ends. */
    public static void endAtOnceWhenSignalled() {
        LibC.defaultAction(SIGINT);
        LibC.defaultAction(SIGTERM);
    }

    /** Makes the content of a file, or the names in a directory, survive a power cut. */
    public static void fsync(Path directoryOrFile) throws IOException {
        try (FileChannel channel = FileChannel.open(directoryOrFile, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** The user id that decides what this process may do. */
    public static int geteuid() {
        return LibC.geteuid();
    }

    /** The time since some moment before this boot, by the clock that the service manager uses. */
    public static Duration monotonicTime() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment time = arena.allocate(ValueLayout.JAVA_LONG, 2);
            if (LibC.clockGettime(CLOCK_MONOTONIC, time) < 0) {
                throw new IllegalStateException("there is no CLOCK_MONOTONIC"); // every Linux has it
            }
            return Duration.ofSeconds(time.getAtIndex(ValueLayout.JAVA_LONG, 0),
                    time.getAtIndex(ValueLayout.JAVA_LONG, 1));
        }
    }

    /** Whether there is a process of this number, also one that we may not signal. */
    public static boolean processExists(int pid) {
        return LibC.kill(pid, 0) != -Errno.ESRCH;
    }

    /** Sets the modification time to the nanosecond, of a link itself where the path is one; the time of access stays. */
    public static void setModified(Path path, Instant modified) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment times = arena.allocateFrom(ValueLayout.JAVA_LONG, 0, OMIT, modified.getEpochSecond(),
                    modified.getNano());
            PosixException.check(LibC.lutimens(path, times), "set the time of", path);
        }
    }

    /**
     * Sets access and modification time to now: the one time that a user who may write a file may give it, whose owner he is not.
     */
    public static void touch(Path path) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment times = arena.allocateFrom(ValueLayout.JAVA_LONG, 0, NOW, 0, NOW);
            PosixException.check(LibC.lutimens(path, times), "set the time of", path);
        }
    }

    /** Whether a descriptor is a pipe that nobody reads any more. */
    public static boolean isReaderGone(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment polled = arena.allocate(ValueLayout.JAVA_INT, 2); // struct pollfd: fd, events, revents
            polled.setAtIndex(ValueLayout.JAVA_INT, 0, descriptor);
            return LibC.poll(polled, 0) > 0 && (polled.getAtIndex(ValueLayout.JAVA_SHORT, 3) & POLLERR) != 0;
        }
    }

    /** The width of the terminal that a descriptor is, in columns; empty if it is none, or does not know. */
    public static OptionalInt terminalWidth(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocate(ValueLayout.JAVA_SHORT, 4); // rows, columns, and both in pixels
            int columns = LibC.ioctl(descriptor, TIOCGWINSZ, size) < 0
                    ? 0
                    : Short.toUnsignedInt(size.getAtIndex(ValueLayout.JAVA_SHORT, 1));
            return columns == 0 ? OptionalInt.empty() : OptionalInt.of(columns);
        }
    }

    /** Sets which permissions new files and folders of this process do not get. */
    public static void umask(int mask) {
        LibC.umask(mask);
    }

    /**
     * Makes a file that appears complete, synced and with exactly this mode, or not at all; a crash leaves no other name behind.
     *
     * <p>The name itself survives a power cut only after {@link #fsync} of its directory.
     *
     * @param dir a directory of the same file system as the target
     * @throws PosixException {@link Errno#EEXIST} where the target exists, which is left alone; {@link Errno#ENOTSUP} or
     *         {@link Errno#EISDIR} where the file system has no nameless files
     */
    public static void linkFromTmpfile(Path dir, byte[] content, int mode, Path target) throws IOException {
        // 1. A nameless file, writable for nobody else.
        int flags = LibC.O_TMPFILE | LibC.O_RDWR | LibC.O_CLOEXEC;
        int fd = (int) PosixException.check(LibC.open(dir, flags, OWNER_ONLY), "make a nameless file in", dir);
        try {
            Path nameless = descriptor(fd);
            // 2. Content, mode (the umask has no say), and both on disk.
            Files.write(nameless, content);
            Files.setAttribute(nameless, "unix:mode", mode & 07777);
            PosixException.check(LibC.fsync(fd), "fsync", target);
            // 3. The name.
            PosixException.check(LibC.linkFollowing(nameless, target), "link", target);
        } finally {
            LibC.close(fd);
        }
    }

    /**
     * Reads a small regular file without following a link, without ever blocking on a FIFO.
     *
     * @param limit bytes; one more than that is read where it is there
     * @throws FileSystemException where it is not a regular file
     */
    public static PinnedFile readNoFollow(Path file, int limit) throws IOException {
        int flags = LibC.O_RDONLY | LibC.O_NOFOLLOW | LibC.O_NONBLOCK | LibC.O_CLOEXEC;
        int fd = (int) PosixException.check(LibC.open(file, flags, 0), "open", file);
        try {
            // Everything goes through the open file: the name may mean another file by now.
            Path pinned = descriptor(fd);
            Map<String, Object> found = Files.readAttributes(pinned, "unix:mode,uid,ino,lastModifiedTime");
            if (((int) found.get("mode") & FILE_TYPE) != REGULAR) {
                throw new FileSystemException(file.toString(), null, "not a regular file");
            }
            try (InputStream in = Files.newInputStream(pinned)) {
                return new PinnedFile(in.readNBytes(limit + 1), (int) found.get("uid"),
                        ((FileTime) found.get("lastModifiedTime")).toInstant(), (long) found.get("ino"));
            }
        } finally {
            LibC.close(fd);
        }
    }

    private static Path descriptor(int fd) {
        return Path.of("/proc/self/fd/" + fd);
    }
}
