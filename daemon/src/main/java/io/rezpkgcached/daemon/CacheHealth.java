package io.rezpkgcached.daemon;

import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.posix.Errno;
import io.rezpkgcached.cache.posix.Posix;
import io.rezpkgcached.cache.posix.PosixException;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Whether the cache can be worked in: it is there, may be written, and has room. */
final class CacheHealth {
    private static final double MEBIBYTE = 1024.0 * 1024.0;
    private static final String PROBE = ".probe";
    private static final int PROBE_BYTES = 4096;

    private final CacheLayout layout;
    private final boolean isService;

    /** @param isService whether a service manager's settings may be what forbids us to write */
    CacheHealth(CacheLayout layout, boolean isService) {
        this.layout = layout;
        this.isService = isService;
    }

    /**
     * What is wrong.
     *
     * @param why           for a person: what is wrong, where, and what to do
     * @param forbidsCopies whether a copy is known to fail; else some variants may find room
     */
    record Trouble(String why, boolean forbidsCopies) {}

    /**
     * Looks without changing anything, unless something is suspected: then it is tried whether a file can be written.
     *
     * @param spaceBuffer bytes to leave free, rez's {@code package_cache_space_buffer}
     */
    Optional<Trouble> look(long spaceBuffer, boolean isSuspected) {
        try {
            if (!Files.isDirectory(layout.root())) {
                return Optional.of(new Trouble("the cache " + layout + " is missing: mount it, or make the folder",
                        true));
            }
            if (!Files.isWritable(layout.ours())) {
                return Optional.of(new Trouble(cannotWrite(layout.root(), isService), true));
            }
            FileStore disk = Files.getFileStore(layout.root());
            long free = disk.getUsableSpace();
            if (free < spaceBuffer) {
                return Optional.of(new Trouble("the disk of the cache %s is full: %.0f MB are free, and"
                        .formatted(layout, free / MEBIBYTE)
                        + " package_cache_space_buffer keeps %.0f MB; copies wait until there is room"
                                .formatted(spaceBuffer / MEBIBYTE),
                        false));
            }
            if (isSuspected) {
                probe();
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(new Trouble(describe(e, layout.root(), isService), true));
        }
    }

    /** A write that fails is what tells that a disk has no inodes left, or a quota is used up. */
    private void probe() throws IOException {
        Path file = layout.staging().resolveSibling(PROBE);
        try {
            Files.write(file, new byte[PROBE_BYTES]);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** What is wrong with a cache that could not be worked in. */
    static String describe(IOException failure, Path cache, boolean isService) {
        String message = String.valueOf(failure.getMessage());
        if (message.contains(Errno.text(Errno.EROFS)) || message.contains(Errno.text(Errno.EACCES))
                || failure instanceof java.nio.file.AccessDeniedException) {
            return cannotWrite(cache, isService) + " (" + failure + ")";
        }
        if (message.contains(Errno.text(Errno.ENOSPC)) || message.contains(Errno.text(Errno.EDQUOT))) {
            return "the disk of the cache " + cache + " is full: " + message + "; make room";
        }
        return "cannot work in the cache " + cache + ": " + failure;
    }

    /** Whether a failure may pass without a change of what the daemon is told. */
    static boolean mayPass(IOException failure) {
        return failure instanceof FileSystemException || failure instanceof PosixException;
    }

    private static String cannotWrite(Path cache, boolean isService) {
        String advice = isService
                ? "; where its unit protects the system (ProtectSystem=), rez-pkg-cached --print-drop-in prints the"
                        + " ReadWritePaths= that it lacks"
                : "";
        return "the cache " + cache + " cannot be written by user " + Posix.geteuid()
                + ": mount it for writing, or give that user the right" + advice;
    }
}
