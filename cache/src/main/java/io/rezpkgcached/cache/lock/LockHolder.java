package io.rezpkgcached.cache.lock;

import io.rezpkgcached.cache.layout.CacheWalk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Who holds a lock, as it was found at one moment.
 *
 * @param inode   what the lock's link and its holder's own file share
 * @param since   the holder's process cannot have started after this. With a named owner: the last change of the inode,
 *                that is when the file was linked, or taken over by a rename, which leaves its modification time alone.
 *                Without one: the modification time, which those who try to adopt the lock do not change
 * @param ownFile the holder's own file; empty for a moment while rez releases the lock, or for ever if it is killed then
 * @param name    what the name of that file says; empty if it is not of rez's form
 */
record LockHolder(Object inode, Instant since, Optional<Path> ownFile, Optional<HolderName> name) {
    /** Clocks of files, boot and processes are each true to about a second. */
    private static final Duration CLOCK_SLACK = Duration.ofSeconds(2);

    /** Looks at a lock; empty if nobody holds it. */
    static Optional<LockHolder> of(Path lock) throws IOException {
        Map<String, Object> attributes;
        try {
            attributes = Files.readAttributes(lock, "unix:fileKey,ctime,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
        Object inode = attributes.get("fileKey");
        Optional<Path> ownFile = ownFile(lock, inode);
        Instant since = ownFile.isPresent()
                ? latest(attributes)
                : ((FileTime) attributes.get("lastModifiedTime")).toInstant();
        return Optional.of(new LockHolder(inode, since, ownFile,
                ownFile.flatMap(file -> HolderName.parse(file.getFileName().toString()))));
    }

    /** When a file or its inode was last changed; empty if there is none. */
    static Optional<Instant> lastChange(Path file) throws IOException {
        try {
            return Optional.of(
                    latest(Files.readAttributes(file, "unix:ctime,lastModifiedTime", LinkOption.NOFOLLOW_LINKS)));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    private static Instant latest(Map<String, Object> attributes) {
        Instant changed = ((FileTime) attributes.get("ctime")).toInstant();
        Instant modified = ((FileTime) attributes.get("lastModifiedTime")).toInstant();
        return changed.isAfter(modified) ? changed : modified;
    }

    private static Optional<Path> ownFile(Path lock, Object inode) throws IOException {
        for (Path file : CacheWalk.children(lock.getParent())) {
            if (!file.equals(lock) && inode.equals(inodeOf(file))) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }

    /** Whether a file beside the lock is one that its process, which has ended, had made to wait with. */
    static boolean isDeadWaiter(Path file, HolderName name, ProcessTable processes) throws IOException {
        Map<String, Object> attributes;
        try {
            attributes = Files.readAttributes(file, "unix:nlink,isRegularFile,ctime,lastModifiedTime",
                    LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException _) {
            return false;
        }
        boolean waiter = attributes.get("nlink").equals(1) && attributes.get("isRegularFile").equals(true);
        return waiter && name.host().equals(processes.hostName()) && isDead(name, latest(attributes), processes);
    }

    private static boolean isDead(HolderName name, Instant since, ProcessTable processes) throws IOException {
        for (long pid : name.pids()) {
            if (processes.mayLiveSince(pid, since.plus(CLOCK_SLACK))) {
                return false;
            }
        }
        return true;
    }

    /** The inode of a file, or null if there is none. */
    static Object inodeOf(Path file) throws IOException {
        try {
            return Files.readAttributes(file, "unix:fileKey", LinkOption.NOFOLLOW_LINKS).get("fileKey");
        } catch (NoSuchFileException _) {
            return null;
        }
    }

    /** Whether no process of this machine can have been at work at a time and be so still. */
    static boolean isOlderThanBoot(Instant time, ProcessTable processes) throws IOException {
        return time.plus(CLOCK_SLACK).isBefore(processes.bootTime());
    }

    /**
     * Whether nobody can hold this lock any more: it is older than this boot, or no reading of its name is alive. A cache
     * is on a local disk, so one that is older than the boot is nobody's, whatever the host was called then; of
     * processes of another host since then nothing is known.
     */
    boolean isCertainlyDead(ProcessTable processes) throws IOException {
        boolean ours = name.isPresent() && name.get().host().equals(processes.hostName());
        return isOlderThanBoot(since, processes) || (ours && isDead(name.get(), since, processes));
    }

    /** All that is known, for people. */
    String describe() {
        String file = ownFile.map(Path::toString)
                .orElse("no file of its own, so a process that ended while releasing it");
        String process = name.map(found -> ", host " + found.host() + ", pid " + joined(found)).orElse("");
        return "held by " + file + process + ", since " + since;
    }

    private static String joined(HolderName name) {
        return String.join(" or ", name.pids().stream().map(Objects::toString).toList());
    }
}
