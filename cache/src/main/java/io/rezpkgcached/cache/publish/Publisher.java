package io.rezpkgcached.cache.publish;

import io.rezpkgcached.cache.copy.RootAttributes;
import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.handle.Increment;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.CacheWalk;
import io.rezpkgcached.cache.layout.CachedVariant;
import io.rezpkgcached.cache.layout.Entry;
import io.rezpkgcached.cache.layout.IndexFile;
import io.rezpkgcached.cache.layout.VariantLookup;
import io.rezpkgcached.cache.lock.CacheLock;
import io.rezpkgcached.cache.posix.Posix;
import io.rezpkgcached.cache.records.CopyRecord;
import io.rezpkgcached.cache.records.CopyRecords;
import io.rezpkgcached.cache.removal.EntryRemoval;
import io.rezpkgcached.cache.removal.TreeRemover;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes entries of the cache. A payload is complete, and on disk, before it can be seen under its name; until then the
 * entry reads as being copied, or as stalled. Whatever happens, and whoever interferes, no entry that was not ours when
 * we held the lock is changed. The steps, in this order:
 *
 * <pre>
 *  claim    1. a staging folder that says which variant it is for
 *           2. take the lock; look again whether the variant is there
 *           3. the hash directory; in it .copying-INC, an empty INC, and INC.json by a rename
 *           4. release the lock
 *  (copy)   5. the payload, into the staging folder
 *  publish  6. the draft of the record; one sync for all payloads that end together
 *           7. take the lock; look whether the entry is still ours
 *           8. rename the payload over the empty INC; mode and times of its root; delete .copying-INC
 *           9. release the lock; sync the directories
 *          10. the record; delete the staging folder
 * </pre>
 */
public final class Publisher {
    private static final Set<PosixFilePermission> WRITABLE_BY_ALL = PosixFilePermissions.fromString("rw-rw-rw-");

    private final CacheLayout layout;
    private final CacheLock lock;
    private final VariantLookup lookup;
    private final CopyRecords records;
    private final EntryRemoval removal;
    private final TreeRemover trees = new TreeRemover();
    private final DiskSync disk;
    private final Step.Observer steps;
    private final boolean forOthers;

    /** For a cache that its owner alone uses. */
    public Publisher(CacheLayout layout, CacheLock lock, InstantSource time, Step.Observer steps) {
        this(layout, lock, time, steps, false);
    }

    /**
     * @param forOthers whether other users run environments from the cache: rez sets the time of the index file each
     *                  time, and ends the environment where it may not
     */
    public Publisher(CacheLayout layout, CacheLock lock, InstantSource time, Step.Observer steps, boolean forOthers) {
        this.forOthers = forOthers;
        this.layout = layout;
        this.lock = lock;
        this.lookup = new VariantLookup(layout, time);
        this.records = new CopyRecords(layout);
        this.removal = new EntryRemoval(layout);
        this.disk = new DiskSync(() -> Posix.syncfs(layout.staging()));
        this.steps = steps;
    }

    /**
     * Claims an entry for a variant that is not in the cache.
     *
     * @param requirements of the variant as its definition has them, for {@code <inc>.json}
     */
    public ClaimOutcome claim(Handle handle, List<String> requirements) throws IOException, InterruptedException {
        StagingFolder staging = StagingFolder.create(layout, handle);
        ClaimOutcome outcome = null;
        boolean told = false;
        try {
            Files.writeString(staging.newIndex(), IndexFile.text(handle, requirements));
            if (forOthers) {
                Files.setPosixFilePermissions(staging.newIndex(), WRITABLE_BY_ALL);
            }
            Files.writeString(staging.newMarker(), MarkerContent.copying(staging.token()));
            steps.done(Step.STAGED);
            try (CacheLock.Held _ = lock.acquire()) {
                steps.done(Step.LOCKED_TO_CLAIM);
                Optional<CachedVariant> present = lookup.find(handle);
                outcome = present.isPresent()
                        ? new ClaimOutcome.Present(present.get())
                        : new ClaimOutcome.Claimed(makeEntry(handle, staging));
            }
            steps.done(Step.CLAIMED);
            told = true;
            return outcome;
        } finally {
            if (!told && outcome instanceof ClaimOutcome.Claimed(Claim claim)) {
                abandon(claim); // nobody else knows of it: it would be taken for stalled
            } else if (!(outcome instanceof ClaimOutcome.Claimed)) {
                drop(staging);
            }
        }
    }

    /** Under the lock. The marker comes first: an index without one would read as cached. */
    private Claim makeEntry(Handle handle, StagingFolder staging) throws IOException {
        Path hashDirectory = layout.hashDirectory(handle);
        try {
            Files.createDirectories(hashDirectory);
            List<String> names = CacheWalk.children(hashDirectory).stream().map(path -> path.getFileName().toString())
                    .toList();
            return makeEntry(handle, new Entry(hashDirectory, Increment.free(names)), staging);
        } catch (IOException e) {
            removal.prune(hashDirectory); // a full disk may stop us between any two folders
            throw e;
        }
    }

    private Claim makeEntry(Handle handle, Entry entry, StagingFolder staging) throws IOException {
        Files.setLastModifiedTime(staging.newMarker(), FileTime.from(Instant.now()));
        Object inode = Files.readAttributes(staging.newMarker(), "unix:fileKey").get("fileKey");
        Claim claim = new Claim(handle, entry, staging, inode);
        try {
            Files.move(staging.newMarker(), entry.marker(), StandardCopyOption.ATOMIC_MOVE);
            steps.done(Step.MARKED);
            Files.createDirectory(entry.payload());
            steps.done(Step.PAYLOAD_FOLDER_MADE);
            Files.move(staging.newIndex(), entry.index(), StandardCopyOption.ATOMIC_MOVE);
            steps.done(Step.INDEXED);
            return claim;
        } catch (IOException e) {
            removal.take(entry); // or between any two of these
            throw e;
        }
    }

    /**
     * Publishes the payload that was copied to {@link Claim#stagedPayload()}.
     *
     * @return false if somebody took the entry away meanwhile; the copy is then dropped
     */
    public boolean publish(Claim claim, RootAttributes root, CopyRecord record)
            throws IOException, InterruptedException {
        steps.done(Step.COPIED);
        CopyRecords.write(claim.staging().draft(), record);
        disk.sync();
        steps.done(Step.SYNCED);
        boolean published;
        try (CacheLock.Held _ = lock.acquire()) {
            steps.done(Step.LOCKED_TO_PUBLISH);
            published = claim.isOurs() && renamePayload(claim);
            if (published) {
                root.applyTo(claim.entry().payload());
                steps.done(Step.ROOT_FINISHED);
                Files.delete(claim.entry().marker());
                steps.done(Step.UNMARKED);
            }
        }
        steps.done(Step.PUBLISHED);
        if (published) {
            try {
                syncDirectories(claim.entry().hashDirectory());
                steps.done(Step.DIRECTORIES_SYNCED);
            } finally {
                records.adopt(claim.staging().draft(), claim.handle()); // the payload can be used, whatever the disk says
            }
            steps.done(Step.RECORDED);
        }
        drop(claim.staging());
        steps.done(Step.UNSTAGED);
        return published;
    }

    private void drop(StagingFolder staging) throws IOException {
        try (staging) {
            trees.remove(staging.path());
        }
    }

    private boolean renamePayload(Claim claim) throws IOException {
        try {
            Files.move(claim.stagedPayload(), claim.entry().payload(), StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            Path payload = claim.entry().payload();
            if (Files.isDirectory(payload, LinkOption.NOFOLLOW_LINKS) && CacheWalk.children(payload).isEmpty()) {
                throw e;
            }
            return false; // somebody wrote into the entry although its marker is ours: theirs, then
        }
        steps.done(Step.RENAMED);
        return true;
    }

    /** From the hash directory up: any of them may be new. */
    private void syncDirectories(Path hashDirectory) throws IOException {
        for (Path directory = hashDirectory; directory.startsWith(layout.root()); directory = directory.getParent()) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            } catch (NoSuchFileException _) {
                return; // removed meanwhile, with all that was in it
            }
        }
    }

    /** Takes an unfinished entry out of the cache, as if it had never been there. */
    public void abandon(Claim claim) throws IOException, InterruptedException {
        try (CacheLock.Held _ = lock.acquire()) {
            if (claim.isOurs()) {
                removal.take(claim.entry());
            }
        }
        drop(claim.staging());
    }

    /**
     * Leaves an unfinished entry stalled in rez's sense, so that nobody tries it again until a clean has removed it.
     */
    public void giveUp(Claim claim) throws IOException, InterruptedException {
        try (CacheLock.Held _ = lock.acquire()) {
            if (claim.isOurs()) {
                Path marker = claim.entry().marker();
                Files.writeString(marker, MarkerContent.givenUp());
                Files.setLastModifiedTime(marker,
                        FileTime.from(Instant.now().minus(VariantLookup.STALLED_AFTER.multipliedBy(2))));
            }
        }
        drop(claim.staging());
    }
}
