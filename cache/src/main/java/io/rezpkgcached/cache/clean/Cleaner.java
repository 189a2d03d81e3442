package io.rezpkgcached.cache.clean;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.CacheWalk;
import io.rezpkgcached.cache.layout.CachedVariant;
import io.rezpkgcached.cache.layout.Entry;
import io.rezpkgcached.cache.layout.HashDirectory;
import io.rezpkgcached.cache.layout.IndexFile;
import io.rezpkgcached.cache.layout.Status;
import io.rezpkgcached.cache.layout.VariantLookup;
import io.rezpkgcached.cache.listing.VariantNames;
import io.rezpkgcached.cache.lock.CacheLock;
import io.rezpkgcached.cache.records.CopyRecord;
import io.rezpkgcached.cache.records.CopyRecords;
import io.rezpkgcached.cache.removal.Deadline;
import io.rezpkgcached.cache.removal.EntryRemoval;
import io.rezpkgcached.cache.removal.TreeRemover;
import io.rezpkgcached.cache.spool.RequestNote;
import io.rezpkgcached.cache.spool.RequestNotes;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Cleans as {@code PackageCache.clean} does, with one difference: a time limit is looked at inside the walk and inside
 * the deletion of a tree, and the next clean goes on where this one stopped. Not for use by several threads.
 */
public final class Cleaner {
    private final CacheLayout layout;
    private final CacheLock lock;
    private final InstantSource time;
    private final VariantLookup lookup;
    private final VariantNames names;
    private final CopyRecords records;
    private final RequestNotes failed;
    private final EntryRemoval removal;
    private final Consumer<CleanEvent> events;
    private final Healer healer;
    /** The hash directory, relative to the cache, that was done last; empty if all were. */
    private String reached = "";

    public Cleaner(CacheLayout layout, CacheLock lock, InstantSource time, Consumer<CleanEvent> events) {
        this.layout = layout;
        this.lock = lock;
        this.time = time;
        this.lookup = new VariantLookup(layout, time);
        this.names = new VariantNames(layout);
        this.records = new CopyRecords(layout);
        this.failed = new RequestNotes(layout.failed());
        this.removal = new EntryRemoval(layout);
        this.events = events;
        this.healer = new Healer(layout, lock, events);
    }

    /**
     * Removes, mends and purges.
     *
     * @param unusedFor cached variants that were not used for longer are removed; empty: none
     * @param limit     stop after this time, within 50 ms; empty: no limit, and stalled variants are removed too
     * @return whether all was done
     */
    public boolean clean(Optional<Duration> unusedFor, Optional<Duration> limit)
            throws IOException, InterruptedException {
        Deadline walk = limit.map(all -> Deadline.in(all.dividedBy(2))).orElse(Deadline.NEVER);
        Deadline end = limit.map(Deadline::in).orElse(Deadline.NEVER);
        boolean walked = removeVariants(unusedFor, walk, limit.isEmpty());
        if (limit.isEmpty()) {
            sweepRecords();
            sweepNotes();
        }
        return purge(end) && walked;
    }

    /**
     * Goes through the packages in the order of their names, beginning after the last hash directory that was done, to the last: all
     * are done once for each beginning, in as many cleans as that takes.
     */
    private boolean removeVariants(Optional<Duration> unusedFor, Deadline deadline, boolean alsoStalled)
            throws IOException, InterruptedException {
        List<Path> packages = CacheWalk.packages(layout);
        String begun = reached.isEmpty() ? "" : Path.of(reached).getName(0).toString();
        int first = (int) packages.stream().filter(path -> (relative(path) + "/").compareTo(begun + "/") < 0).count();
        for (Path name : packages.subList(first, packages.size())) {
            String from = name.getFileName().toString().equals(begun) ? reached : "";
            try {
                if (!cleanPackage(name, from, unusedFor, deadline, alsoStalled)) {
                    return false;
                }
            } catch (AccessDeniedException e) {
                events.accept(new CleanEvent.NotDeleted(name, e.toString()));
            }
        }
        reached = "";
        return true;
    }

    /** Cleans the hash directories that come after one; false if the deadline was reached. */
    private boolean cleanPackage(Path name, String from, Optional<Duration> unusedFor, Deadline deadline,
            boolean alsoStalled) throws IOException, InterruptedException {
        for (Path version : CacheWalk.sorted(name)) {
            if (deadline.isReached()) {
                return false;
            }
            String versionEnd = relative(version) + "0"; // '0' comes after '/'
            if (versionEnd.compareTo(from) < 0) {
                continue; // done by the clean before
            }
            for (Path hashDirectory : CacheWalk.sorted(version)) {
                if (relative(hashDirectory).compareTo(from) <= 0) {
                    continue;
                }
                if (deadline.isReached()) {
                    return false;
                }
                tryCleanDirectory(hashDirectory, unusedFor, alsoStalled);
                reached = relative(hashDirectory);
            }
        }
        return true;
    }

    private String relative(Path path) {
        return layout.root().relativize(path).toString();
    }

    /** What another user made may not be ours to read or to remove; it must not keep the rest from being cleaned. */
    private void tryCleanDirectory(Path path, Optional<Duration> unusedFor, boolean alsoStalled)
            throws IOException, InterruptedException {
        try {
            cleanDirectory(path, unusedFor, alsoStalled);
        } catch (FileSystemException e) {
            events.accept(new CleanEvent.NotDeleted(path, e.toString()));
        }
    }

    private void cleanDirectory(Path path, Optional<Duration> unusedFor, boolean alsoStalled)
            throws IOException, InterruptedException {
        HashDirectory directory = HashDirectory.read(path);
        if (directory.parts().stream().anyMatch(HashDirectory.Part::isBroken)) {
            healer.heal(path);
            directory = HashDirectory.read(path);
        }
        Map<Handle, CachedVariant> best = new HashMap<>();
        for (HashDirectory.Part part : directory.parts()) {
            if (part.isBroken()) {
                continue; // it is being made or removed at this moment
            }
            CachedVariant variant = new CachedVariant(part.handle().get(), part.entry(), lookup.status(part.entry()));
            CachedVariant other = best.get(variant.handle());
            if (other == null) {
                best.put(variant.handle(), variant);
            } else if (VariantLookup.order().compare(variant, other) < 0) {
                removeSpare(other);
                best.put(variant.handle(), variant);
            } else {
                removeSpare(variant);
            }
        }
        for (CachedVariant variant : best.values()) {
            removeIfDue(variant, unusedFor, alsoStalled);
        }
    }

    private void removeSpare(CachedVariant spare) throws IOException, InterruptedException {
        if (spare.status() != Status.COPYING && takeIf(spare, _ -> true)) {
            events.accept(
                    new CleanEvent.RemovedSpare(spare.handle(), names.uri(spare.handle()), spare.entry().payload()));
        }
    }

    private void removeIfDue(CachedVariant variant, Optional<Duration> unusedFor, boolean alsoStalled)
            throws IOException, InterruptedException {
        if (variant.status() == Status.STALLED && alsoStalled) {
            String uri = names.uri(variant.handle());
            if (takeIf(variant, _ -> true)) {
                failed.remove(variant.handle());
                events.accept(new CleanEvent.RemovedStalled(variant.handle(), uri));
            }
        } else if (variant.status() == Status.CACHED && unusedFor.isPresent()
                && isUnused(variant.entry(), unusedFor.get())) {
            String uri = names.uri(variant.handle());
            if (takeIf(variant, entry -> isUnused(entry, unusedFor.get()))) {
                records.remove(variant.handle());
                events.accept(new CleanEvent.RemovedUnused(variant.handle(), uri));
            }
        }
    }

    @FunctionalInterface
    private interface Condition {
        boolean holds(Entry entry) throws IOException;
    }

    /** Under the lock, if all is as it was: an environment may have been started, or the entry been taken, since. */
    private boolean takeIf(CachedVariant variant, Condition condition) throws IOException, InterruptedException {
        try (CacheLock.Held _ = lock.acquire()) {
            boolean same = lookup.entries(variant.entry().hashDirectory()).contains(variant);
            if (same && condition.holds(variant.entry())) {
                removal.take(variant.entry());
                return true;
            }
            return false;
        }
    }

    /** As rez: whole seconds since the index file was touched last. */
    private boolean isUnused(Entry entry, Duration limit) throws IOException {
        try {
            Instant used = Files.getLastModifiedTime(entry.index()).toInstant();
            return Duration.between(used, time.instant()).toSeconds() > limit.toSeconds();
        } catch (NoSuchFileException _) {
            return false;
        }
    }

    /** The records of entries that rez, or a person, removed. */
    private void sweepRecords() throws IOException {
        for (CopyRecord record : records.all()) {
            if (!isOf(record, layout.root().resolve(record.entry() + Entry.INDEX_SUFFIX))) {
                records.remove(record.handle());
            }
        }
    }

    private static boolean isOf(CopyRecord record, Path index) throws IOException {
        try {
            // An index that cannot be read may be written again from the record.
            return IndexFile.read(index).map(record.handle()::equals).orElse(true);
        } catch (NoSuchFileException _) {
            return false;
        } catch (FileSystemException _) {
            return true; // another user's
        }
    }

    /** Why copies failed whose stalled entries are no more. */
    private void sweepNotes() throws IOException {
        for (RequestNote note : failed.all()) {
            Optional<Status> status = lookup.find(note.handle()).map(CachedVariant::status);
            if (status.isEmpty() || status.get() == Status.CACHED) {
                failed.remove(note.handle());
            }
        }
    }

    private boolean purge(Deadline end) throws IOException {
        for (Path path : CacheWalk.children(layout.toDelete())) {
            if (end.isReached()) {
                return false;
            }
            try {
                if (!new TreeRemover(end).remove(path)) {
                    return false;
                }
                events.accept(new CleanEvent.Deleted(path));
            } catch (IOException e) {
                events.accept(new CleanEvent.NotDeleted(path, e.toString()));
            }
        }
        return true;
    }
}
