package io.rezpkgcached.cache.layout;

import io.rezpkgcached.cache.handle.Handle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Tells what state a variant has in the cache, by rez's rules ({@code PackageCache._get_cached_root}). Without the
 * lock an answer may be out of date when it is given.
 */
public final class VariantLookup {
    /** {@code _COPYING_TIME_MAX}: a marker that was not touched for longer belongs to a copy that stalled. */
    public static final Duration STALLED_AFTER = Duration.ofSeconds(5);

    private final CacheLayout layout;
    private final InstantSource time;

    public VariantLookup(CacheLayout layout, InstantSource time) {
        this.layout = layout;
        this.time = time;
    }

    /**
     * The entry of a variant. Where rez made two of one handle, the one that is cached is preferred to one that is
     * being copied, and that to a stalled one.
     */
    public Optional<CachedVariant> find(Handle handle) throws IOException {
        CachedVariant best = null;
        if (!Files.exists(layout.versionDirectory(handle))) {
            return Optional.empty(); // what is asked for most often, and a hash takes time
        }
        for (CachedVariant found : entries(layout.hashDirectory(handle))) {
            if (found.handle().equals(handle) && (best == null || compare(found, best) < 0)) {
                best = found;
            }
        }
        return Optional.ofNullable(best);
    }

    /** All entries of a hash directory whose index can be read; none where there is no such directory. */
    public List<CachedVariant> entries(Path hashDirectory) throws IOException {
        return look(hashDirectory).entries();
    }

    /**
     * What is in a hash directory.
     *
     * @param entries  those whose index can be read
     * @param isSettled whether that is all, and nothing of it is under way
     */
    public record Found(List<CachedVariant> entries, boolean isSettled) {}

    /** The same as {@link #entries}, and whether it can be relied on as long as the folder does not change. */
    public Found look(Path hashDirectory) throws IOException {
        List<CachedVariant> found = new ArrayList<>();
        boolean settled = true;
        for (Entry entry : indexed(hashDirectory)) {
            Optional<Handle> handle = handleOf(entry);
            settled &= handle.isPresent();
            if (handle.isPresent()) {
                Status status = status(entry);
                settled &= status == Status.CACHED;
                // Who takes an unfinished entry deletes its index before its marker: it may have gone since it was read.
                if (status != Status.CACHED || Files.exists(entry.index())) {
                    found.add(new CachedVariant(handle.get(), entry, status));
                }
            }
        }
        return new Found(found, settled);
    }

    /** Prefers what can be used: cached, then copying, then stalled, then the first name. */
    public static Comparator<CachedVariant> order() {
        return VariantLookup::compare;
    }

    /** Written out: the comparators of {@link Comparator} are serializable lambdas, which an AOT cache does not hold. */
    private static int compare(CachedVariant one, CachedVariant other) {
        int byStatus = one.status().compareTo(other.status());
        if (byStatus != 0) {
            return byStatus;
        }
        String left = one.entry().increment();
        String right = other.entry().increment();
        int byLength = Integer.compare(left.length(), right.length());
        return byLength == 0 ? left.compareTo(right) : byLength;
    }

    /** The status of an entry whose index exists. */
    public Status status(Entry entry) {
        if (!Files.exists(entry.marker(), LinkOption.NOFOLLOW_LINKS)) {
            return Status.CACHED; // nearly all; an exception for each would be half the time of a listing
        }
        try {
            Instant touched = Files.getLastModifiedTime(entry.marker()).toInstant();
            return Duration.between(touched, time.instant()).compareTo(STALLED_AFTER) > 0
                    ? Status.STALLED
                    : Status.COPYING;
        } catch (NoSuchFileException _) {
            return Status.CACHED;
        } catch (IOException _) {
            return Status.COPYING; // as rez: it is there, and cannot be looked at
        }
    }

    private static List<Entry> indexed(Path hashDirectory) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (Path path : CacheWalk.children(hashDirectory)) {
            String name = path.getFileName().toString();
            if (name.endsWith(Entry.INDEX_SUFFIX)) {
                entries.add(new Entry(hashDirectory, name.substring(0, name.length() - Entry.INDEX_SUFFIX.length())));
            }
        }
        return entries;
    }

    private static Optional<Handle> handleOf(Entry entry) throws IOException {
        try {
            return IndexFile.read(entry.index());
        } catch (NoSuchFileException _) {
            return Optional.empty(); // removed since the directory was read
        }
    }
}
