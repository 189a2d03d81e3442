package io.rezpkgcached.cache.removal;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
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

    /** Names that are read at once: a folder of millions is begun with at once, and a deep tree keeps no folder open. */
    private static final int BATCH = 1000;

    /** A folder that is being emptied. */
    private static final class Level {
        private final Path directory;
        private Iterator<Path> children;

        private Level(Path directory) throws IOException {
            this.directory = directory;
            this.children = batch(directory).iterator();
        }

        /** The next child to delete; empty once the folder is. */
        private Optional<Path> next() throws IOException {
            if (!children.hasNext()) {
                children = batch(directory).iterator();
            }
            return children.hasNext() ? Optional.of(children.next()) : Optional.empty();
        }

        private static List<Path> batch(Path directory) throws IOException {
            List<Path> batch = new ArrayList<>();
            try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
                Iterator<Path> names = children.iterator();
                while (batch.size() < BATCH && names.hasNext()) {
                    batch.add(names.next());
                }
            } catch (NoSuchFileException | NotDirectoryException _) {
                return List.of(); // somebody else deletes it too
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
            return batch;
        }
    }

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
        Optional<Path> child = level.next();
        if (child.isEmpty()) {
            levels.pop();
            Files.deleteIfExists(level.directory);
        } else if (Files.isDirectory(child.get(), LinkOption.NOFOLLOW_LINKS)) {
            levels.push(open(child.get()));
        } else {
            Files.deleteIfExists(child.get());
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
        return new Level(directory);
    }
}
