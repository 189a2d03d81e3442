package io.rezpkgcached.cache.access;

import io.rezpkgcached.cache.posix.Xattrs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Tells whether every user of the machine may read something: others by the mode, and nobody is shut out by group or by an ACL.
 *
 * <p>The owner counts as one who may, since he can give himself what he lacks. What a server of network storage decides besides modes
 * (ACLs of NFS 4, of Samba) is not seen here: there it is the daemon's own user, who is nobody's owner and in nobody's group, that cannot
 * read it.
 */
public final class WorldAccess {
    private static final int EVERYONE_READS = 0044;
    private static final int EVERYONE_ENTERS = 0011;
    private static final int PERMISSIONS = 07777;

    private WorldAccess() {}

    /** An ACL of something, looked for only where the mode leaves the question open. */
    @FunctionalInterface
    public interface AclOf {
        Optional<byte[]> read() throws IOException;
    }

    /**
     * Why somebody cannot come to a folder: the first one from {@code /} down to it that not everyone may enter.
     *
     * @param folder a real path, without links
     */
    public static Optional<String> closedWay(Path folder) throws IOException {
        Optional<String> above = folder.getParent() == null ? Optional.empty() : closedWay(folder.getParent());
        return above.isPresent() ? above : closed(folder, EVERYONE_ENTERS, Acl.SEARCH, "enter");
    }

    /** Why somebody cannot read a file or list a folder, by a real path: the first thing on the way that is closed. */
    public static Optional<String> closed(Path real) throws IOException {
        Optional<String> above = closedWay(real.getParent() == null ? real : real.getParent());
        return above.isPresent()
                ? above
                : Files.isDirectory(real, LinkOption.NOFOLLOW_LINKS)
                        ? closed(real, EVERYONE_READS | EVERYONE_ENTERS, Acl.READ | Acl.SEARCH, "list")
                        : closed(real, EVERYONE_READS, Acl.READ, "read");
    }

    private static Optional<String> closed(Path path, int bits, int permissions, String what) throws IOException {
        int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        return closed(path, mode, bits, permissions, what, () -> Xattrs.get(path, Xattrs.ACL));
    }

    /** Why somebody cannot read a file that has this mode and ACL. */
    public static Optional<String> closedFile(Path file, int mode, AclOf acl) throws IOException {
        return closed(file, mode, EVERYONE_READS, Acl.READ, "read", acl);
    }

    /** Why somebody cannot list and enter a folder that has this mode and ACL. */
    public static Optional<String> closedFolder(Path folder, int mode, AclOf acl) throws IOException {
        return closed(folder, mode, EVERYONE_READS | EVERYONE_ENTERS, Acl.READ | Acl.SEARCH, "list", acl);
    }

    private static Optional<String> closed(Path path, int mode, int bits, int permissions, String what, AclOf acl)
            throws IOException {
        if ((mode & bits) != bits) {
            return Optional.of("not every user may %s %s (mode %04o)".formatted(what, path, mode & PERMISSIONS));
        }
        Optional<byte[]> found = acl.read();
        boolean open = found.isEmpty() || Acl.parse(found.get()).filter(list -> list.givesEveryone(permissions))
                .isPresent();
        return open ? Optional.empty() : Optional.of("not every user may " + what + " " + path + ", by its ACL");
    }
}
