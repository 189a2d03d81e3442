package io.rezpkgcached.cache.shared;

import io.rezpkgcached.cache.access.Acl;
import io.rezpkgcached.cache.access.WorldAccess;
import io.rezpkgcached.cache.handle.Increment;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.CacheWalk;
import io.rezpkgcached.cache.log.LogFolder;
import io.rezpkgcached.cache.posix.Errno;
import io.rezpkgcached.cache.posix.Posix;
import io.rezpkgcached.cache.posix.PosixException;
import io.rezpkgcached.cache.posix.Xattrs;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Owners and modes in a cache that all users of a machine share: everything belongs to the daemon's user, and others can write only
 * requests, to today's and tomorrow's log, and to index files, whose time rez sets for each environment.
 *
 * <p>Whoever is root can undo all of it; {@link #mend} puts modes right again, but no owner.
 */
public final class SharedCache {
    private static final int OPEN_FOLDER = 0755;
    private static final int SPOOL = 01777;
    private static final int LOG = 0666;
    private static final int OTHERS_WRITE = 0022;
    private static final int STICKY = 01000;
    private static final int PERMISSIONS = 07777;
    /** Of new files and folders: all are for others to read, and none to write to but those that are given a mode. */
    private static final int UMASK = 0022;

    private final CacheLayout layout;
    private final InstantSource time;
    private final int user = Posix.geteuid();
    private final byte[] spoolAcl = Acl.openTo(user).bytes();

    public SharedCache(CacheLayout layout, InstantSource time) {
        this.layout = layout;
        this.time = time;
    }

    /**
     * Checks, before anything is made, that this process can own the cache, and that others can come to it.
     *
     * @param wasShared whether it is known that all in it was copied for everyone, also where no mark says so
     * @throws IOException that says what is wrong and what to do
     */
    public void check(boolean wasShared) throws IOException {
        if (user == 0) {
            throw new IOException(
                    "shared_cache is on, and the daemon runs as root, who may read what others may not: run it"
                            + " as a user of its own");
        }
        requireOwn(layout.root());
        Path real = layout.root().toRealPath();
        Optional<String> closed = WorldAccess.closedWay(real.getParent());
        if (closed.isPresent()) {
            throw new IOException("a shared cache must be in reach of every user, and " + closed.get());
        }
        for (Path folder = real.getParent(); folder != null; folder = folder.getParent()) {
            int mode = mode(folder);
            if ((mode & OTHERS_WRITE & 0002) != 0 && (mode & STICKY) == 0) {
                throw new IOException("anyone could put another folder in the place of the cache, since " + folder
                        + " has mode %04o: take write permission from others".formatted(mode));
            }
        }
        if (!wasShared && SharedMark.read(layout).isEmpty() && !CacheWalk.hashDirectories(layout).isEmpty()) {
            throw new IOException("shared_cache is on, and the cache holds variants that were not copied for everyone:"
                    + " share an empty folder, or delete all but .sys in " + layout);
        }
    }

    /**
     * Sets owners and modes for good, and has all that this process makes from now on be readable.
     *
     * @return what was not as it should be
     */
    public List<String> prepare(Optional<String> adminGroup) throws IOException {
        Posix.umask(UMASK);
        boolean first = SharedMark.read(layout).isEmpty();
        List<String> mended = mend();
        new SharedMark(adminGroup).write(layout);
        return first ? List.of() : mended;
    }

    /**
     * Puts right what is not as it should be, and makes the log files of today and tomorrow.
     *
     * @return what that was, a sentence each
     * @throws IOException if something belongs to another user, or the file system has no ACLs
     */
    public List<String> mend() throws IOException {
        List<String> mended = new ArrayList<>();
        for (Map.Entry<Path, Integer> folder : folders().entrySet()) {
            Files.createDirectories(folder.getKey());
            setMode(folder.getKey(), folder.getValue(), mended);
        }
        setSpoolAcl(mended);
        ZonedDateTime today = time.instant().atZone(ZoneId.systemDefault());
        for (ZonedDateTime day : List.of(today, today.plusDays(1))) {
            Path file = new LogFolder(layout.log()).file(day);
            try {
                Files.createFile(file);
                Files.setAttribute(file, "unix:mode", LOG);
            } catch (FileAlreadyExistsException _) {
                setMode(file, LOG, mended);
            }
        }
        for (Path name : CacheWalk.packages(layout)) {
            mendPackage(name, mended);
        }
        return mended;
    }

    private Map<Path, Integer> folders() {
        Map<Path, Integer> folders = new LinkedHashMap<>();
        for (Path folder : List.of(layout.root(), layout.sys(), layout.toDelete(), layout.log(), layout.ours(),
                layout.waiting(), layout.prefetch())) {
            folders.put(folder, OPEN_FOLDER);
        }
        folders.put(layout.pending(), SPOOL);
        for (Path folder : List.of(layout.staging(), layout.incoming(), layout.refused(), layout.failed(),
                layout.deferred(), layout.records())) {
            folders.put(folder, 0700);
        }
        return folders;
    }

    private void mendPackage(Path name, List<String> mended) throws IOException {
        try {
            mendEntryFolder(name, mended);
            for (Path version : CacheWalk.children(name)) {
                mendEntryFolder(version, mended);
                for (Path hashDirectory : CacheWalk.children(version)) {
                    mendEntryFolder(hashDirectory, mended);
                    for (Path child : CacheWalk.children(hashDirectory)) {
                        if (Increment.isIncrement(child.getFileName().toString())) {
                            closeToOthers(child, mended);
                        }
                    }
                }
            }
        } catch (NoSuchFileException _) {
            // removed just now, with all that was in it
        }
    }

    private void mendEntryFolder(Path folder, List<String> mended) throws IOException {
        if (!isRoots(folder, mended)) {
            setMode(folder, OPEN_FOLDER, mended);
        }
    }

    /** What root's own rez wrote is nobody's to spoil; but we cannot clean it either. */
    private boolean isRoots(Path path, List<String> mended) throws IOException {
        boolean roots = owner(path) == 0;
        if (roots) {
            mended.add(path
                    + " belongs to root, whose rez should not write to a shared cache: the daemon cannot remove it");
        }
        return roots;
    }

    private void setMode(Path path, int mode, List<String> mended) throws IOException {
        requireOwn(path);
        int found = mode(path);
        if (found != mode) {
            Files.setAttribute(path, "unix:mode", mode);
            mended.add("%s had mode %04o, and has %04o again".formatted(path, found, mode));
        }
    }

    /** A payload keeps the mode that its source had, but for what lets others write. */
    private void closeToOthers(Path payload, List<String> mended) throws IOException {
        try {
            if (!isRoots(payload, mended)) {
                setMode(payload, mode(payload) & ~OTHERS_WRITE, mended);
            }
        } catch (NoSuchFileException _) {
            // not there yet, or no longer
        }
    }

    private void setSpoolAcl(List<String> mended) throws IOException {
        Optional<byte[]> found = Xattrs.get(layout.pending(), Xattrs.DEFAULT_ACL);
        if (found.filter(acl -> Arrays.equals(acl, spoolAcl)).isPresent()) {
            return;
        }
        try {
            Xattrs.set(layout.pending(), Xattrs.DEFAULT_ACL, spoolAcl);
        } catch (PosixException e) {
            if (e.errno() == Errno.ENOTSUP) {
                throw new IOException("the file system of " + layout
                        + " has no POSIX ACLs, without which the daemon cannot"
                        + " read the requests of a user with umask 077: put a shared cache on one that has them, such as"
                        + " ext4, XFS or Btrfs", e);
            }
            throw e;
        }
        mended.add(layout.pending() + " lacked its default ACL, and has it again");
    }

    private void requireOwn(Path path) throws IOException {
        int owner = owner(path);
        if (owner != user) {
            throw new ForeignOwnerException(
                    path + " belongs to user " + owner + ", and all of a shared cache must belong to the"
                            + " daemon's (" + user + "): chown -R " + user + " " + layout);
        }
    }

    private static int owner(Path path) throws IOException {
        return (int) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    }

    private static int mode(Path path) throws IOException {
        return (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & PERMISSIONS;
    }
}
