package io.rezpkgcached.daemon;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Whether the disk of a cache is one that other machines may use too. There whoever holds a lock cannot be asked whether he lives,
 * locks may not hold, and copies gain nothing.
 *
 * <p>Goes by the type that the kernel gives for the mount. A FUSE file system counts as remote, those aside that are known to lie on
 * a disk of this machine.
 */
final class RemoteDisk {
    private static final Set<String> REMOTE = Set.of("9p", "afs", "beegfs", "ceph", "cifs", "coda", "gfs2", "gpfs",
            "lustre", "ncpfs",
            "nfs", "nfs4", "ocfs2", "orangefs", "panfs", "pvfs2", "smb3", "smbfs", "virtiofs", "wekafs");
    private static final Set<String> LOCAL_FUSE = Set.of("fuseblk", "fuse.fuse-overlayfs", "fuse.bindfs",
            "fuse.mergerfs",
            "fuse.ntfs-3g", "fuse.unionfs-fuse");

    private RemoteDisk() {}

    /** For a person, why a cache there is refused, and what to do; empty if its disk is not known to be remote. */
    static Optional<String> refusal(Path cache) {
        try {
            FileStore disk = Files.getFileStore(cache);
            return isRemote(disk.type())
                    ? Optional.of("the cache " + cache + " is not on a local disk, but on " + disk.name() + " ("
                            + disk.type()
                            + "), which other machines may use: give it a folder on a local disk, or set allow_remote_cache = true"
                            + " if no other machine uses this one")
                    : Optional.empty();
        } catch (IOException _) {
            return Optional.empty(); // what is wrong is said by whoever opens it
        }
    }

    static boolean isRemote(String type) {
        return REMOTE.contains(type) || (type.startsWith("fuse") && !LOCAL_FUSE.contains(type));
    }
}
