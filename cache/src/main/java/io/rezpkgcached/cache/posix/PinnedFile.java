package io.rezpkgcached.cache.posix;

import java.time.Instant;
import java.util.Arrays;

/**
 * A regular file as it was at one moment: content and identity come from one open file, so no rename can pair one file's content with
 * another's owner.
 *
 * <p>A writer that writes in place can still be seen half way.
 *
 * @param content at most one byte more than the limit that was asked for: one byte more means the file is longer than that
 * @param owner numeric user id
 */
@SuppressWarnings("ArrayRecordComponent") // copied on the way in and out, compared by content
public record PinnedFile(byte[] content, int owner, Instant modified, long inode) {
    public PinnedFile {
        content = content.clone();
    }

    @Override
    public byte[] content() {
        return content.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PinnedFile that && owner == that.owner && inode == that.inode
                && modified.equals(that.modified) && Arrays.equals(content, that.content);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(content) * 31 + Long.hashCode(inode);
    }
}
