package io.rezpkgcached.cache.publish;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

/**
 * An entry that we are copying. It is ours as long as its marker is the file that we made: rez, or a person, may take
 * it away at any time that we do not touch the marker for 5 s.
 */
public final class Claim {
    private final Handle handle;
    private final Entry entry;
    private final StagingFolder staging;
    private final Object markerInode;

    Claim(Handle handle, Entry entry, StagingFolder staging, Object markerInode) {
        this.handle = handle;
        this.entry = entry;
        this.staging = staging;
        this.markerInode = markerInode;
    }

    public Handle handle() {
        return handle;
    }

    public Entry entry() {
        return entry;
    }

    /** Where the payload is to be copied; does not exist yet. */
    public Path stagedPayload() {
        return staging.payload();
    }

    StagingFolder staging() {
        return staging;
    }

    /** Whether inode and content of the marker are still those that we made. */
    public boolean isOurs() throws IOException {
        try {
            Object inode = Files.readAttributes(entry.marker(), "unix:fileKey", LinkOption.NOFOLLOW_LINKS)
                    .get("fileKey");
            return inode.equals(markerInode) && MarkerContent.isToken(entry.marker(), staging.token());
        } catch (NoSuchFileException _) {
            return false;
        }
    }

    /**
     * Tells everyone that the copy goes on. To be called well within 5 s.
     *
     * @return false if the entry is no longer ours
     */
    public boolean touch() throws IOException {
        if (!isOurs()) {
            return false;
        }
        Files.setLastModifiedTime(entry.marker(), FileTime.from(Instant.now()));
        return true;
    }
}
