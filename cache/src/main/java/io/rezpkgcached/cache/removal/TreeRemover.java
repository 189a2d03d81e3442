package io.rezpkgcached.cache.removal;

import io.rezpkgcached.cache.layout.CacheWalk;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Set;

/**
 * Deletes trees, looking at the clock before each file, so that one that is stopped goes on where it was the next time.
 * Never follows a link. Folders that deny us access are opened first, as far as we own them.
 */
public final class TreeRemover {
    private static final Set<PosixFilePermission> OWNERS = Set.of(PosixFilePermission.OWNER_READ,
            PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private final Deadline deadline;

    public TreeRemover() {
        this(Deadline.NEVER);
    }

    public TreeRemover(Deadline deadline) {
        this.deadline = deadline;
    }

    private record Level(Path directory, Iterator<Path> children) {}

    /**
     * Deletes a file or a tree.
     *
     * @return false if the deadline was reached before all was gone
     * @throws IOException if something in it cannot be deleted; what came before it is gone
     */
    public boolean remove(Path root) throws IOException {
        if (!Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
            Files.deleteIfExists(root);
            return true;
        }
        Deque<Level> levels = new ArrayDeque<>();
        levels.push(open(root));
        while (!levels.isEmpty()) {
            if (deadline.isReached()) {
                return false;
            }
            step(levels);
        }
        return true;
    }

    private static void step(Deque<Level> levels) throws IOException {
        Level level = levels.peek();
        if (!level.children().hasNext()) {
            levels.pop();
            Files.deleteIfExists(level.directory());
            return;
        }
        Path child = level.children().next();
        if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
            levels.push(open(child));
        } else {
            Files.deleteIfExists(child);
        }
    }

    private static Level open(Path directory) throws IOException {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS);
            if (permissions.addAll(OWNERS)) {
                Files.setPosixFilePermissions(directory, permissions);
            }
        } catch (FileSystemException _) {
            // gone, or another user's: what cannot be listed says so in the next line
        }
        return new Level(directory, CacheWalk.children(directory).iterator());
    }
}
