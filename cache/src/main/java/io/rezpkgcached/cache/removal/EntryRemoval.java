package io.rezpkgcached.cache.removal;

import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.Entry;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import java.util.UUID;

/**
 * Takes entries out of the cache, as {@code PackageCache.remove_variant} does, but for the order: the index goes first.
 * Without it the entry is none, whereas an index whose payload has gone reads as cached for ever. To be called under
 * the lock.
 */
public final class EntryRemoval {
    /** hash, version and package directory. */
    private static final int LEVELS = 3;

    private final CacheLayout layout;

    public EntryRemoval(CacheLayout layout) {
        this.layout = layout;
    }

    /** Takes an entry, whole or in part, out of the cache; its payload then waits in {@code to_delete}. */
    public void take(Entry entry) throws IOException {
        Files.deleteIfExists(entry.index());
        retire(entry.payload(), packageName(entry));
        Files.deleteIfExists(entry.marker());
        prune(entry.hashDirectory());
    }

    /** Moves a tree to {@code to_delete}, an empty folder away at once; nothing if there is none. */
    public void retire(Path tree, String name) throws IOException {
        try {
            Files.deleteIfExists(tree);
        } catch (DirectoryNotEmptyException _) {
            makeWritable(tree); // else a user who is not root cannot rename it into another folder
            Files.createDirectories(layout.toDelete());
            String hex = UUID.randomUUID().toString().replace("-", "");
            Files.move(tree, layout.toDelete().resolve(name + "-" + hex), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** {@code <package>-<version>}, as rez names it in {@code to_delete}. */
    private static String packageName(Entry entry) {
        Path version = entry.hashDirectory().getParent();
        String name = version.getParent().getFileName().toString();
        return version.getFileName().toString().equals("_NO_VERSION") ? name : name + "-" + version.getFileName();
    }

    private static void makeWritable(Path directory) throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS);
        if (permissions.add(PosixFilePermission.OWNER_WRITE)) {
            try {
                Files.setPosixFilePermissions(directory, permissions);
            } catch (FileSystemException _) {
                // another user's: whether it can be renamed all the same is for the rename to say
            }
        }
    }

    /** Deletes a hash directory, its version's and its package's as far as they are empty and can be deleted. */
    public void prune(Path hashDirectory) {
        Path directory = hashDirectory;
        for (int level = 0; level < LEVELS && !directory.equals(layout.root()); level++) {
            try {
                Files.delete(directory);
            } catch (NoSuchFileException _) {
                // removed by somebody else: its parent may be empty all the same
            } catch (IOException _) {
                return; // not empty; or another user's, and an empty directory more does no harm
            }
            directory = directory.getParent();
        }
    }
}
