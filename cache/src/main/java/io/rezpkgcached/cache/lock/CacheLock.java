package io.rezpkgcached.cache.lock;

import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.CacheWalk;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * rez's lock on a cache ({@code vendor/lockfile/linklockfile.py}): a hard link from a file of one's own to
 * {@code .sys/.lock.lock}. Guarantees that at most one process, rez or ours, holds it; a lock whose holder is certainly
 * dead is taken over from it. Does not guarantee any order among those who wait, and breaks no lock of another host,
 * nor one that was left without a named owner since this boot.
 */
public final class CacheLock {
    /** {@code _FILELOCK_TIMEOUT}, so that we wait as long as rez does. */
    public static final Duration TIMEOUT = Duration.ofSeconds(10);

    private static final Duration LOOK_AT_HOLDER_AFTER = Duration.ofMillis(300);
    private static final int LONGEST_PAUSE_MILLIS = 20;

    private final Path lock;
    private final Duration timeout;
    private final Consumer<String> brokenLocks;
    private final ProcessTable processes = new ProcessTable();
    private final ReentrantLock threads = new ReentrantLock(true);

    /**
     * @param brokenLocks is told in words of each lock that was taken over from a dead holder
     */
    public CacheLock(CacheLayout layout, Consumer<String> brokenLocks) {
        this(layout, TIMEOUT, brokenLocks);
    }

    CacheLock(CacheLayout layout, Duration timeout, Consumer<String> brokenLocks) {
        this.lock = layout.lock();
        this.timeout = timeout;
        this.brokenLocks = brokenLocks;
    }

    /** The lock while it is held by the thread that acquired it. */
    public final class Held implements AutoCloseable {
        private final Path own;

        private Held(Path own) {
            this.own = own;
        }

        /**
         * Releases the lock. The link goes first: if we are killed between the two steps, what stays is a file that
         * nobody minds, not a lock without an owner.
         */
        @Override
        public void close() throws IOException {
            try {
                release(own);
            } finally {
                threads.unlock();
            }
        }
    }

    /**
     * Waits for the lock.
     *
     * @throws LockTimeoutException if it was not to be had in 10 s
     * @throws InterruptedException if the thread was interrupted while it waited
     */
    public Held acquire() throws IOException, InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        if (!threads.tryLock(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new LockTimeoutException(
                    "lock " + lock + " was held by other threads of this process for " + timeout);
        }
        Path own = null;
        try {
            own = createOwnFile();
            waitForLink(own, end);
            return new Held(own);
        } catch (Throwable e) {
            try {
                if (own != null) {
                    release(own);
                }
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            } finally {
                threads.unlock();
            }
            throw e;
        }
    }

    private void release(Path own) throws IOException {
        if (holds(own)) {
            Files.deleteIfExists(lock);
        }
        Files.deleteIfExists(own);
    }

    /** Whether a file was last changed before this machine was started, so that no process can be at work on it. */
    public boolean isOlderThanBoot(Path file) throws IOException {
        Optional<Instant> changed = LockHolder.lastChange(file);
        return changed.isPresent() && LockHolder.isOlderThanBoot(changed.get(), processes);
    }

    /**
     * Deletes what processes that died while they waited for the lock have left beside it.
     *
     * @return how many files
     */
    public int sweep() throws IOException {
        int swept = 0;
        for (Path file : CacheWalk.children(lock.getParent())) {
            Optional<HolderName> name = HolderName.parse(file.getFileName().toString());
            if (name.isPresent() && LockHolder.isDeadWaiter(file, name.get(), processes)) {
                Files.deleteIfExists(file);
                swept++;
            }
        }
        return swept;
    }

    private Path createOwnFile() throws IOException {
        String name = HolderName.of(processes.hostName(), Thread.currentThread().threadId(),
                ProcessHandle.current().pid(),
                ThreadLocalRandom.current().nextLong());
        return Files.createFile(lock.resolveSibling(name));
    }

    private void waitForLink(Path own, long end) throws IOException, InterruptedException {
        long look = System.nanoTime() + LOOK_AT_HOLDER_AFTER.toNanos();
        for (int pause = 1; !tryLink(own); pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS)) {
            long now = System.nanoTime();
            if (now - look >= 0) {
                if (takeOverFromTheDead(own)) {
                    return;
                }
                look = now + LOOK_AT_HOLDER_AFTER.toNanos();
            }
            if (now - end >= 0) {
                throw timedOut();
            }
            Thread.sleep(ThreadLocalRandom.current().nextInt(1, pause + 1));
        }
    }

    private boolean tryLink(Path own) throws IOException {
        try {
            Files.createLink(lock, own);
            return true;
        } catch (FileAlreadyExistsException _) {
            return false;
        }
    }

    /**
     * Makes ours what a dead process holds. Two who try this at once: a rename of the dead holder's file succeeds for
     * one of them only, and makes that one the named owner in the same moment, so that the lock is never free, never
     * held by two, and taken over in turn if this process is killed here. The inode stays that of the dead, who may have
     * been another user: nothing more of it can be changed.
     */
    private boolean takeOverFromTheDead(Path own) throws IOException {
        Optional<LockHolder> found = LockHolder.of(lock);
        if (found.isEmpty() || !found.get().isCertainlyDead(processes)) {
            return false;
        }
        LockHolder dead = found.get();
        boolean taken = dead.ownFile().isPresent() ? takeFile(dead.ownFile().get(), own) : adopt(dead, own);
        if (taken) {
            brokenLocks.accept("lock " + lock + " taken over from a dead process: " + dead.describe());
        }
        return taken;
    }

    private boolean takeFile(Path deadFile, Path own) throws IOException {
        try {
            Files.move(deadFile, own, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException _) {
            return false; // somebody else was faster, or this user may not: the timeout tells who holds it
        }
        return holds(own);
    }

    /** A lock that outlived a boot and has no named owner: who gets the only second link to it is its owner. */
    private boolean adopt(LockHolder dead, Path own) throws IOException {
        Files.delete(own);
        boolean linked = false;
        boolean alone = false;
        try {
            Files.createLink(own, lock);
            linked = true;
            alone = isOnlyOwner(dead, own);
        } catch (FileSystemException _) {
            // released or taken meanwhile, or this user may not: the timeout tells who holds it
        }
        if (!alone) {
            if (linked) {
                Files.delete(own);
            }
            Files.createFile(own);
        }
        return alone;
    }

    /** A new lock may have the inode of the old one, but not its time. */
    private static boolean isOnlyOwner(LockHolder dead, Path own) throws IOException {
        Map<String, Object> linked = Files.readAttributes(own, "unix:fileKey,nlink,lastModifiedTime",
                LinkOption.NOFOLLOW_LINKS);
        return linked.get("fileKey").equals(dead.inode()) && linked.get("nlink").equals(2)
                && ((FileTime) linked.get("lastModifiedTime")).toInstant().equals(dead.since());
    }

    private boolean holds(Path own) throws IOException {
        Object inode = LockHolder.inodeOf(own);
        return inode != null && inode.equals(LockHolder.inodeOf(lock));
    }

    private LockTimeoutException timedOut() throws IOException {
        String holder = LockHolder.of(lock).map(LockHolder::describe).orElse("held by others in turn");
        return new LockTimeoutException("lock " + lock + " was not free for " + timeout.toSeconds() + " s: " + holder
                + "; if that process has ended, remove " + lock);
    }
}
