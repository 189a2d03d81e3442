package io.rezpkgcached.cache.copy;

import io.rezpkgcached.cache.posix.Posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * Mode and time of a payload's root, set by the caller after the last rename: a folder of mode 0555 can be renamed by nobody but root.
 *
 * @param mode permission bits and the sticky bit, without setuid and setgid
 */
public record RootAttributes(int mode, Instant modified) {
    public RootAttributes {
        if ((mode & ~01777) != 0) {
            throw new IllegalArgumentException("not a mode of a copied folder: " + Integer.toOctalString(mode));
        }
    }

    /** Sets the time first, the mode last. */
    public void applyTo(Path root) throws IOException {
        Posix.setModified(root, modified);
        Files.setAttribute(root, "unix:mode", mode);
    }
}
