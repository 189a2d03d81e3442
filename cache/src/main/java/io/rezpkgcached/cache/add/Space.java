package io.rezpkgcached.cache.add;

import io.rezpkgcached.cache.posix.Errno;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether the disk of the cache has room, by rez's rules ({@code cache_near_full}, {@code variant_meets_space_requirements}). */
final class Space {
    private static final double MEBIBYTE = 1024.0 * 1024.0;

    private final Path cache;
    private final long buffer;
    private final long usedThreshold;
    private final boolean sparing;

    Space(Path cache, long buffer, long usedThreshold) {
        this(cache, buffer, usedThreshold, false);
    }

    private Space(Path cache, long buffer, long usedThreshold, boolean sparing) {
        this.sparing = sparing;
        this.cache = cache;
        this.buffer = buffer;
        this.usedThreshold = usedThreshold;
    }

    /** The same for what nobody waits for: it takes nothing above the threshold, which is for what somebody does. */
    Space sparing() {
        return new Space(cache, buffer, usedThreshold, true);
    }

    /** Why a payload cannot be copied now; empty if there is room. */
    Optional<String> lackingFor(Path payload) throws IOException {
        FileStore disk = Files.getFileStore(cache);
        long free = disk.getUsableSpace();
        if (free < buffer) {
            return Optional.of("%.2f MB are free on the disk of %s, and package_cache_space_buffer keeps %.2f MB"
                    .formatted(free / MEBIBYTE, cache, buffer / MEBIBYTE));
        }
        long total = disk.getTotalSpace();
        double used = total == 0 ? 0 : 100.0 * (total - disk.getUnallocatedSpace()) / total;
        if (sparing) {
            return lackingBelowThreshold(payload, used, (long) (total * ((usedThreshold - used) / 100)), free - buffer);
        }
        if (used <= usedThreshold) {
            return Optional.empty();
        }
        long size = size(payload, free - buffer);
        return free - size > buffer
                ? Optional.empty()
                : Optional
                        .of("%.1f %% of the disk of %s are used (package_cache_used_threshold: %d), and %s would leave"
                                .formatted(used, cache, usedThreshold, payload)
                                + " less than package_cache_space_buffer, %.2f MB".formatted(buffer / MEBIBYTE));
    }

    private Optional<String> lackingBelowThreshold(Path payload, double used, long below, long free)
            throws IOException {
        long room = Math.min(below, free);
        return room >= 0 && size(payload, room) <= room
                ? Optional.empty()
                : Optional.of("%.1f %% of the disk of %s are used, and what is prefetched leaves it below"
                        .formatted(used, cache) + " package_cache_used_threshold (" + usedThreshold
                        + "): there is no room for " + payload);
    }

    /**
     * Whether a disk or a quota was found to be full, which the rules above cannot foresee where the buffer is small,
     * or where inodes are what lacks.
     */
    static boolean isLackedBy(IOException failure) {
        return Stream.of(Errno.ENOSPC, Errno.EDQUOT)
                .anyMatch(errno -> String.valueOf(failure.getMessage()).contains(Errno.text(errno)));
    }

    /** The bytes of a tree, counted until they are more than a limit. As rez, what cannot be read counts as nothing. */
    private static long size(Path payload, long limit) throws IOException {
        long[] size = {0};
        Files.walkFileTree(payload, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                size[0] += attributes.isRegularFile() ? attributes.size() : 0;
                return size[0] > limit ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException e) {
                return FileVisitResult.CONTINUE;
            }
        });
        return size[0];
    }
}
