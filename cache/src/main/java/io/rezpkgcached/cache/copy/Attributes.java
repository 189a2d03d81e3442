package io.rezpkgcached.cache.copy;

import io.rezpkgcached.cache.posix.Errno;
import io.rezpkgcached.cache.posix.Posix;
import io.rezpkgcached.cache.posix.PosixException;
import io.rezpkgcached.cache.posix.Xattrs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** Gives a copy the attributes, the time and the mode of its source. */
final class Attributes {
    /** What a file system says when it does not take an attribute, or not so much of it. */
    private static final Set<Integer> NOT_TAKEN = Set.of(Errno.ENOTSUP, Errno.ENOSPC, Errno.EDQUOT, Errno.E2BIG,
            Errno.ERANGE);

    private final Warnings warnings;
    private final Readers readers;

    Attributes(Warnings warnings, Readers readers) {
        this.warnings = warnings;
        this.readers = readers;
    }

    /** Extended attributes and ACLs. Without them a payload works nearly always: one that the target refuses is only a warning. */
    void copyExtended(Path source, Path target) throws IOException {
        for (String name : Xattrs.list(source)) {
            if (readers == Readers.EVERYONE && isAcl(name)) {
                continue; // everyone may read it without one, and one may let somebody write
            }
            var value = Xattrs.get(source, name);
            try {
                if (value.isPresent()) {
                    Xattrs.set(target, name, value.get());
                }
            } catch (PosixException e) {
                if (!NOT_TAKEN.contains(e.errno())) {
                    throw e;
                }
                warnings.attributeRefused(name, source, e);
            }
        }
    }

    private static boolean isAcl(String name) {
        return name.equals(Xattrs.ACL) || name.equals(Xattrs.DEFAULT_ACL);
    }

    /** Time first, mode last: the mode may forbid the owner to go on. With an ACL the mode's group bits are its mask, as in the source. */
    void setTimeAndMode(Path target, Stat stat, int mode) throws IOException {
        Posix.setModified(target, stat.modified());
        Files.setAttribute(target, "unix:mode", mode);
    }
}
