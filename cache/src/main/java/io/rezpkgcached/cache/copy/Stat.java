package io.rezpkgcached.cache.copy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;

/**
 * What the file system says of a name, not following a link.
 *
 * @param mode type and permissions
 * @param names number of hard links
 * @param changed inode change time: moves with content, mode, attributes and names, and cannot be set
 */
record Stat(long device, long inode, int mode, int names, long size, Instant modified, Instant changed) {
    private static final int TYPE = 0170000;
    private static final int FIFO = 0010000;
    private static final int CHARACTER_DEVICE = 0020000;
    private static final int DIRECTORY = 0040000;
    private static final int BLOCK_DEVICE = 0060000;
    private static final int FILE = 0100000;
    private static final int LINK = 0120000;
    private static final int SOCKET = 0140000;
    /** Without setuid and setgid: a copy has another owner. */
    private static final int KEPT_MODE = 01777;

    /** A file, whatever it is called. */
    record Inode(long device, long number) {}

    /** One lstat(2). */
    static Stat of(Path path) throws IOException {
        Map<String, Object> found = Files.readAttributes(path, "unix:dev,ino,mode,nlink,size,lastModifiedTime,ctime",
                LinkOption.NOFOLLOW_LINKS);
        return new Stat((long) found.get("dev"), (long) found.get("ino"), (int) found.get("mode"),
                (int) found.get("nlink"), (long) found.get("size"),
                ((FileTime) found.get("lastModifiedTime")).toInstant(), ((FileTime) found.get("ctime")).toInstant());
    }

    Inode identity() {
        return new Inode(device, inode);
    }

    /**
     * Whether nothing was written in between, as far as the file system's clock can tell. The inode number has no say: there are file systems in
     * user space that give a file a new one now and then, and a file that replaces another has another change time.
     */
    boolean isSame(Stat other) {
        return mode == other.mode && names == other.names && size == other.size && modified.equals(other.modified)
                && changed.equals(other.changed);
    }

    boolean isDirectory() {
        return (mode & TYPE) == DIRECTORY;
    }

    boolean isFile() {
        return (mode & TYPE) == FILE;
    }

    boolean isLink() {
        return (mode & TYPE) == LINK;
    }

    /** The mode of the copy. */
    int keptMode() {
        return mode & KEPT_MODE;
    }

    /** For messages. */
    String kind() {
        return switch (mode & TYPE) {
            case FIFO -> "a FIFO";
            case CHARACTER_DEVICE -> "a character device";
            case BLOCK_DEVICE -> "a block device";
            case SOCKET -> "a socket";
            case DIRECTORY -> "a folder";
            case FILE -> "a file";
            case LINK -> "a symbolic link";
            default -> "of unknown type " + Integer.toOctalString(mode & TYPE);
        };
    }
}
