package io.rezpkgcached.cache.posix;

/** Error numbers that callers tell apart, the same on x86-64 and aarch64 (Linux {@code asm-generic/errno.h}). */
public final class Errno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int ESRCH = 3;
    public static final int EACCES = 13;
    public static final int EEXIST = 17;
    public static final int EXDEV = 18;
    public static final int ENOTDIR = 20;
    public static final int EISDIR = 21;
    public static final int EINVAL = 22;
    public static final int ENOSPC = 28;
    public static final int EROFS = 30;
    public static final int ENXIO = 6;
    public static final int E2BIG = 7;
    public static final int EWOULDBLOCK = 11;
    public static final int ERANGE = 34;
    public static final int ENAMETOOLONG = 36;
    public static final int ELOOP = 40;
    public static final int ENODATA = 61;
    public static final int ENOTSUP = 95;
    public static final int EDQUOT = 122;

    private Errno() {}

    /** The system's words for a number, in the language of the process: the same words that Java's own exceptions carry. */
    public static String text(int errno) {
        return LibC.strerror(errno);
    }
}
