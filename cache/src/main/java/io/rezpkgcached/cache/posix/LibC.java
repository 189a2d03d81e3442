package io.rezpkgcached.cache.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The functions of the C library that this package uses, with the kernel's convention: a negative result is an error number.
 *
 * <p>Each method handle is made when its function is first called (a handle costs milliseconds), in a holder class of its own.
 */
@SuppressWarnings("restricted")
final class LibC {
    static final int AT_FDCWD = -100;
    static final int AT_SYMLINK_NOFOLLOW = 0x100;
    static final int AT_SYMLINK_FOLLOW = 0x400;

    static final int O_RDONLY = 0;
    static final int O_RDWR = 2;
    static final int O_CREAT = 0100;
    static final int O_NONBLOCK = 04000;
    static final int O_CLOEXEC = 02000000;
    // Two flags differ between the architectures (asm/fcntl.h of each).
    private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");
    static final int O_NOFOLLOW = ARM ? 0100000 : 0400000;
    static final int O_DIRECTORY = ARM ? 040000 : 0200000;
    static final int O_TMPFILE = 020000000 | O_DIRECTORY;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(PathElement.groupElement("errno"));

    private LibC() {}

    @FunctionalInterface
    private interface Call {
        long invoke(MemorySegment state, SegmentAllocator memory) throws Throwable;
    }

    private static long call(Call call) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            long result = call.invoke(state, arena);
            return result == -1 ? -(int) ERRNO.get(state, 0L) : result;
        } catch (RuntimeException | Error bug) {
            throw bug;
        } catch (Throwable bug) {
            throw new IllegalStateException(bug);
        }
    }

    private static MethodHandle function(String name, FunctionDescriptor shape, Linker.Option... more) {
        Linker.Option[] options = Arrays.copyOf(more, more.length + 1);
        options[more.length] = Linker.Option.captureCallState("errno");
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), shape, options);
    }

    /** open(2): a file descriptor. */
    static long open(Path path, int flags, int mode) {
        return call((state, memory) -> (int) Open.HANDLE.invokeExact(state, RawPath.of(path, memory), flags, mode));
    }

    /** close(2). */
    static long close(int fd) {
        return call((state, memory) -> (int) Close.HANDLE.invokeExact(state, fd));
    }

    /** flock(2). */
    static long flock(int fd, int operation) {
        return call((state, memory) -> (int) FlockCall.HANDLE.invokeExact(state, fd, operation));
    }

    /** syncfs(2). */
    static long syncfs(int fd) {
        return call((state, memory) -> (int) Syncfs.HANDLE.invokeExact(state, fd));
    }

    /** signal(2) with {@code SIG_DFL}: what the system does with it where no program does anything. */
    static long defaultAction(int signal) {
        return call((state, memory) -> ((MemorySegment) Signal.HANDLE.invokeExact(state, signal, MemorySegment.NULL))
                .address());
    }

    /** fsync(2). */
    static long fsync(int fd) {
        return call((state, memory) -> (int) Fsync.HANDLE.invokeExact(state, fd));
    }

    /** lseek(2): the new position. */
    static long lseek(int fd, long offset, int whence) {
        return call((state, memory) -> (long) Lseek.HANDLE.invokeExact(state, fd, offset, whence));
    }

    /** linkat(2) of a path that is followed, relative to nothing. */
    static long linkFollowing(Path existing, Path link) {
        return call((state, memory) -> (int) Linkat.HANDLE.invokeExact(state, AT_FDCWD, RawPath.of(existing, memory),
                AT_FDCWD, RawPath.of(link, memory), AT_SYMLINK_FOLLOW));
    }

    /** kill(2). */
    static long kill(int pid, int signal) {
        return call((state, memory) -> (int) Kill.HANDLE.invokeExact(state, pid, signal));
    }

    /** socket(2): a file descriptor. */
    static long socket(int domain, int type) {
        return call((state, memory) -> (int) Socket.HANDLE.invokeExact(state, domain, type, 0));
    }

    /** setsockopt(2) at the level of sockets. */
    static long setsockopt(int fd, int level, int option, MemorySegment value) {
        return call((state, memory) -> (int) Setsockopt.HANDLE.invokeExact(state, fd, level, option, value,
                (int) value.byteSize()));
    }

    /** sendto(2): the number of bytes sent. */
    static long sendto(int fd, MemorySegment data, int flags, MemorySegment address) {
        return call((state, memory) -> (long) Sendto.HANDLE.invokeExact(state, fd, data, data.byteSize(), flags,
                address, (int) address.byteSize()));
    }

    /** clock_gettime(2). */
    static long clockGettime(int clock, MemorySegment time) {
        return call((state, memory) -> (int) ClockGettime.HANDLE.invokeExact(state, clock, time));
    }

    /** geteuid(2). */
    static int geteuid() {
        return (int) call((state, memory) -> (int) Geteuid.HANDLE.invokeExact(state));
    }

    /** inotify_init1(2): a file descriptor. */
    static long inotifyInit(int flags) {
        return call((state, memory) -> (int) InotifyInit.HANDLE.invokeExact(state, flags));
    }

    /** inotify_add_watch(2). */
    static long inotifyAddWatch(int fd, Path path, int mask) {
        return call(
                (state, memory) -> (int) InotifyAddWatch.HANDLE.invokeExact(state, fd, RawPath.of(path, memory), mask));
    }

    /** read(2): the number of bytes. */
    static long read(int fd, MemorySegment buffer) {
        return call((state, memory) -> (long) Read.HANDLE.invokeExact(state, fd, buffer, buffer.byteSize()));
    }

    /** ioctl(2) with an address. */
    static long ioctl(int fd, long request, MemorySegment data) {
        return call((state, memory) -> (int) Ioctl.HANDLE.invokeExact(state, fd, request, data));
    }

    /** poll(2) of one descriptor: the number of those that are ready. */
    static long poll(MemorySegment descriptor, int milliseconds) {
        return call((state, memory) -> (int) Poll.HANDLE.invokeExact(state, descriptor, 1L, milliseconds));
    }

    /** getpwnam(3): where its answer lies, which the next call of it changes; 0 if there is no such user. */
    static long getpwnam(String name) {
        return call((state, memory) -> ((MemorySegment) Getpwnam.HANDLE.invokeExact(state, memory.allocateFrom(name)))
                .address());
    }

    /** getgrnam(3): where its answer lies, which the next call of it changes; 0 if there is no such group. */
    static long getgrnam(String name) {
        return call((state, memory) -> ((MemorySegment) Getgrnam.HANDLE.invokeExact(state, memory.allocateFrom(name)))
                .address());
    }

    /** getgrouplist(3): the number of groups, or an error where there are more than the memory and the count have room for. */
    static long getgrouplist(String user, int group, MemorySegment groups, MemorySegment count) {
        return call((state, memory) -> (int) Getgrouplist.HANDLE.invokeExact(state, memory.allocateFrom(user), group,
                groups, count));
    }

    /** A number in what a function returned the address of. */
    static int intAt(long address, long offset) {
        return MemorySegment.ofAddress(address).reinterpret(offset + Integer.BYTES).get(JAVA_INT, offset);
    }

    /** llistxattr(2): the number of bytes of names. */
    static long llistxattr(Path path, MemorySegment names) {
        return call((state, memory) -> (long) Llistxattr.HANDLE.invokeExact(state, RawPath.of(path, memory), names,
                names.byteSize()));
    }

    /** lgetxattr(2): the number of bytes of the value. */
    static long lgetxattr(Path path, MemorySegment name, MemorySegment value) {
        return call((state, memory) -> (long) Lgetxattr.HANDLE.invokeExact(state, RawPath.of(path, memory), name, value,
                value.byteSize()));
    }

    /** fgetxattr(2): the number of bytes of the value. */
    static long fgetxattr(int fd, MemorySegment name, MemorySegment value) {
        return call((state, memory) -> (long) Fgetxattr.HANDLE.invokeExact(state, fd, name, value, value.byteSize()));
    }

    /** umask(2): the one before. */
    static int umask(int mask) {
        return (int) call((state, memory) -> (int) Umask.HANDLE.invokeExact(state, mask));
    }

    /** lsetxattr(2), creating or replacing. */
    static long lsetxattr(Path path, MemorySegment name, MemorySegment value) {
        return call((state, memory) -> (int) Lsetxattr.HANDLE.invokeExact(state, RawPath.of(path, memory), name, value,
                value.byteSize(), 0));
    }

    /** utimensat(2), not following links. */
    static long lutimens(Path path, MemorySegment times) {
        return call((state, memory) -> (int) Utimensat.HANDLE.invokeExact(state, AT_FDCWD, RawPath.of(path, memory),
                times, AT_SYMLINK_NOFOLLOW));
    }

    /** strerror(3), which needs no lock in glibc for numbers that it knows. */
    static String strerror(int errno) {
        try {
            MemorySegment text = (MemorySegment) Strerror.HANDLE.invokeExact(errno);
            return text.reinterpret(Long.MAX_VALUE).getString(0);
        } catch (RuntimeException | Error bug) {
            throw bug;
        } catch (Throwable bug) {
            throw new IllegalStateException(bug);
        }
    }

    private static final class Open {
        static final MethodHandle HANDLE = function("open",
                FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT),
                Linker.Option.firstVariadicArg(2));
    }

    private static final class Close {
        static final MethodHandle HANDLE = function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    }

    private static final class FlockCall {
        static final MethodHandle HANDLE = function("flock", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    }

    private static final class Syncfs {
        static final MethodHandle HANDLE = function("syncfs", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    }

    private static final class Signal {
        static final MethodHandle HANDLE = function("signal", FunctionDescriptor.of(ADDRESS, JAVA_INT, ADDRESS));
    }

    private static final class Fsync {
        static final MethodHandle HANDLE = function("fsync", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    }

    private static final class Lseek {
        static final MethodHandle HANDLE = function("lseek",
                FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT));
    }

    private static final class Linkat {
        static final MethodHandle HANDLE = function("linkat",
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT));
    }

    private static final class Kill {
        static final MethodHandle HANDLE = function("kill", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    }

    private static final class Socket {
        static final MethodHandle HANDLE = function("socket",
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    }

    private static final class Setsockopt {
        static final MethodHandle HANDLE = function("setsockopt",
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    }

    private static final class Sendto {
        static final MethodHandle HANDLE = function("sendto",
                FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
    }

    private static final class ClockGettime {
        static final MethodHandle HANDLE = function("clock_gettime",
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
    }

    private static final class Geteuid {
        static final MethodHandle HANDLE = function("geteuid", FunctionDescriptor.of(JAVA_INT));
    }

    private static final class InotifyInit {
        static final MethodHandle HANDLE = function("inotify_init1", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    }

    private static final class InotifyAddWatch {
        static final MethodHandle HANDLE = function("inotify_add_watch",
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    }

    private static final class Read {
        static final MethodHandle HANDLE = function("read",
                FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    }

    private static final class Ioctl {
        static final MethodHandle HANDLE = function("ioctl",
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS), Linker.Option.firstVariadicArg(2));
    }

    private static final class Poll {
        static final MethodHandle HANDLE = function("poll",
                FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    }

    private static final class Getpwnam {
        static final MethodHandle HANDLE = function("getpwnam", FunctionDescriptor.of(ADDRESS, ADDRESS));
    }

    private static final class Getgrnam {
        static final MethodHandle HANDLE = function("getgrnam", FunctionDescriptor.of(ADDRESS, ADDRESS));
    }

    private static final class Getgrouplist {
        static final MethodHandle HANDLE = function("getgrouplist",
                FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS));
    }

    private static final class Llistxattr {
        static final MethodHandle HANDLE = function("llistxattr",
                FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG));
    }

    private static final class Lgetxattr {
        static final MethodHandle HANDLE = function("lgetxattr",
                FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG));
    }

    private static final class Lsetxattr {
        static final MethodHandle HANDLE = function("lsetxattr",
                FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT));
    }

    private static final class Fgetxattr {
        static final MethodHandle HANDLE = function("fgetxattr",
                FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG));
    }

    private static final class Umask {
        static final MethodHandle HANDLE = function("umask", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    }

    private static final class Utimensat {
        static final MethodHandle HANDLE = function("utimensat",
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));
    }

    private static final class Strerror {
        static final MethodHandle HANDLE = LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow("strerror"),
                FunctionDescriptor.of(ADDRESS, JAVA_INT));
    }
}
