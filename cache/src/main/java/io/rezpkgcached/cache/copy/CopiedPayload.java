package io.rezpkgcached.cache.copy;

import java.time.Instant;
import java.util.List;

/**
 * What a finished copy holds.
 *
 * @param files names of regular files: a file with two names counts twice
 * @param directories without the root
 * @param links symbolic links that were kept
 * @param bytes content, of a file with two names once
 * @param newestSourceTime the latest change of anything in the source by its inode change time, which unpacking tools cannot backdate
 * @param warnings for the log, a sentence each: what the copy does not have as the source has it
 * @param root what is still to be set on the root, after it was renamed into place
 */
public record CopiedPayload(long files, long directories, long links, long bytes, Instant newestSourceTime,
        List<String> warnings, RootAttributes root) {
    public CopiedPayload {
        warnings = List.copyOf(warnings);
    }
}
