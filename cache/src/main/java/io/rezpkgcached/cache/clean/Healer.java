package io.rezpkgcached.cache.clean;

import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.Entry;
import io.rezpkgcached.cache.layout.HashDirectory;
import io.rezpkgcached.cache.layout.IndexFile;
import io.rezpkgcached.cache.layout.StateFile;
import io.rezpkgcached.cache.lock.CacheLock;
import io.rezpkgcached.cache.records.CopyRecord;
import io.rezpkgcached.cache.records.CopyRecords;
import io.rezpkgcached.cache.removal.EntryRemoval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Mends entries that a killed process left half made or half removed, which rez itself never does: some read as cached
 * and point at nothing, an index that is cut short stops every {@code rez-env} that looks at it.
 */
final class Healer {
    private final CacheLayout layout;
    private final CacheLock lock;
    private final CopyRecords records;
    private final EntryRemoval removal;
    private final Consumer<CleanEvent> events;

    Healer(CacheLayout layout, CacheLock lock, Consumer<CleanEvent> events) {
        this.layout = layout;
        this.lock = lock;
        this.records = new CopyRecords(layout);
        this.removal = new EntryRemoval(layout);
        this.events = events;
    }

    /** Mends what is broken in a directory that was found to have something broken in it. */
    void heal(Path hashDirectory) throws IOException, InterruptedException {
        if (!hasBroken(HashDirectory.read(hashDirectory))) {
            return; // nothing to hold the lock for
        }
        List<CopyRecord> here = recordsOf(hashDirectory); // before the lock: there may be thousands to look through
        List<CleanEvent> mended = new ArrayList<>();
        try (CacheLock.Held _ = lock.acquire()) {
            for (HashDirectory.Part part : HashDirectory.read(hashDirectory).parts()) {
                if (!isSound(part)) {
                    mended.add(new CleanEvent.Mended(part.entry().payload(), mend(part, here)));
                }
            }
        }
        mended.forEach(events);
    }

    private List<CopyRecord> recordsOf(Path hashDirectory) throws IOException {
        return records.all().stream().filter(record -> layout.hashDirectory(record.handle()).equals(hashDirectory))
                .toList();
    }

    private static boolean hasBroken(HashDirectory directory) throws IOException {
        for (HashDirectory.Part part : directory.parts()) {
            if (!isSound(part)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSound(HashDirectory.Part part) throws IOException {
        return !part.isBroken() || (part.hasIndex() && part.handle().isEmpty() && isForeign(part.entry().index()));
    }

    /**
     * Whether an index that we cannot read is one all the same: rez caches variants of any kind of repository that has
     * a plugin, and what another program can use is not ours to remove.
     */
    private static boolean isForeign(Path index) throws IOException {
        return StateFile.read(index).map(object -> object.get("handle")).flatMap(StateFile::object)
                .filter(handle -> handle.get("key") instanceof String && handle.get("variables") instanceof Map)
                .isPresent();
    }

    private String mend(HashDirectory.Part part, List<CopyRecord> here) throws IOException {
        Entry entry = part.entry();
        if (part.hasIndex() && part.handle().isEmpty() && part.hasPayload() && !part.hasMarker()) {
            String payload = layout.root().relativize(entry.payload()).toString();
            Optional<CopyRecord> record = here.stream().filter(found -> found.entry().equals(payload)).findFirst();
            if (record.isPresent()) {
                rewriteIndex(entry, record.get());
                return "its index could not be read and was written again from the record of the copy";
            }
        }
        removal.take(entry);
        return "removed: " + what(part);
    }

    private static String what(HashDirectory.Part part) {
        if (part.hasIndex() && part.handle().isEmpty()) {
            return "its index could not be read";
        }
        return part.hasIndex() ? "an index without a payload" : "no index named it";
    }

    /** The time of last use, which rez keeps in the index file's own time, stays, and so does who may set it. */
    private void rewriteIndex(Entry entry, CopyRecord record) throws IOException {
        Path made = layout.staging().resolve(UUID.randomUUID() + ".index");
        Files.writeString(made, IndexFile.text(record.handle(), record.requirements()));
        try {
            FileTime used = Files.getLastModifiedTime(entry.index());
            Files.setLastModifiedTime(made, used);
            Files.setPosixFilePermissions(made, Files.getPosixFilePermissions(entry.index()));
        } catch (NoSuchFileException _) {
            // removed by hand just now: the time of the mending is as good
        }
        Files.move(made, entry.index(), StandardCopyOption.ATOMIC_MOVE);
    }
}
