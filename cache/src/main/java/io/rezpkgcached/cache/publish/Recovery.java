package io.rezpkgcached.cache.publish;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.CacheWalk;
import io.rezpkgcached.cache.layout.HashDirectory;
import io.rezpkgcached.cache.layout.Status;
import io.rezpkgcached.cache.layout.VariantLookup;
import io.rezpkgcached.cache.lock.CacheLock;
import io.rezpkgcached.cache.records.CopyRecord;
import io.rezpkgcached.cache.records.CopyRecords;
import io.rezpkgcached.cache.removal.EntryRemoval;
import io.rezpkgcached.cache.removal.TreeRemover;
import io.rezpkgcached.cache.spool.RequestReader;
import io.rezpkgcached.cache.spool.RequestWriter;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Takes up what a process that was stopped, killed or powered off had left unfinished. What another process is copying
 * at the time is left alone.
 */
public final class Recovery {
    private final CacheLayout layout;
    private final CacheLock lock;
    private final VariantLookup lookup;
    private final CopyRecords records;
    private final EntryRemoval removal;
    private final RequestWriter requests;
    private final Set<Handle> prefetched;

    public Recovery(CacheLayout layout, CacheLock lock, InstantSource time) throws IOException {
        this.layout = layout;
        this.lock = lock;
        this.lookup = new VariantLookup(layout, time);
        this.records = new CopyRecords(layout);
        this.removal = new EntryRemoval(layout);
        RequestReader reader = RequestReader.hardened(time);
        this.requests = new RequestWriter(layout, reader);
        this.prefetched = reader.handles(layout.prefetch());
    }

    /**
     * Takes unfinished entries out of the cache, retires what was staged, and completes the records of payloads that
     * were published just before the end. What was being copied is requested again, before anything that tells of it
     * goes: its request may have been deleted by somebody while it was copied.
     *
     * @return the variants that were being copied
     */
    public List<Handle> run() throws IOException, InterruptedException {
        try {
            return takeUp();
        } catch (IOException e) {
            freeSpace();
            throw e;
        }
    }

    /** What may have filled the disk, so that the next try finds it less full. What tells of it stays. */
    private void freeSpace() throws IOException {
        for (Path path : CacheWalk.children(layout.staging())) {
            Optional<StagingFolder> found = StagingFolder.takeOver(path);
            if (found.isPresent()) {
                try (StagingFolder staging = found.get()) {
                    new TreeRemover().remove(staging.payload());
                }
            }
        }
    }

    private List<Handle> takeUp() throws IOException, InterruptedException {
        List<Handle> unfinished = new ArrayList<>(takeUnfinishedEntries());
        for (Path path : CacheWalk.children(layout.staging())) {
            if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                removal.retire(path, "staging");
                continue;
            }
            Optional<StagingFolder> found = StagingFolder.takeOver(path);
            if (found.isPresent()) {
                try (StagingFolder staging = found.get()) {
                    takeUp(staging, unfinished);
                }
            }
        }
        return unfinished;
    }

    private void takeUp(StagingFolder staging, List<Handle> unfinished) throws IOException {
        Optional<Handle> handle = staging.handle();
        if (handle.isPresent() && !isCached(handle.get(), staging) && !unfinished.contains(handle.get())) {
            request(handle.get());
            unfinished.add(handle.get());
        }
        removal.retire(staging.path(), "staging");
    }

    /** What nobody waited for before, nobody waits for now: its own request is still there. */
    private void request(Handle handle) throws IOException {
        if (!prefetched.contains(handle)) {
            requests.write(handle);
        }
    }

    /** Markers that one of our copies made: there is no such copy any more. */
    private List<Handle> takeUnfinishedEntries() throws IOException, InterruptedException {
        List<Handle> taken = new ArrayList<>();
        for (Path name : CacheWalk.packages(layout)) {
            try {
                for (Path hashDirectory : CacheWalk.hashDirectories(name)) {
                    takeUnfinishedEntries(hashDirectory, taken);
                }
            } catch (AccessDeniedException _) {
                // another user's, and so not left by us
            }
        }
        return taken;
    }

    private void takeUnfinishedEntries(Path hashDirectory, List<Handle> taken)
            throws IOException, InterruptedException {
        if (HashDirectory.read(hashDirectory).parts().stream().noneMatch(HashDirectory.Part::hasMarker)) {
            return;
        }
        try (CacheLock.Held _ = lock.acquire()) {
            for (HashDirectory.Part part : HashDirectory.read(hashDirectory).parts()) {
                if (part.hasMarker() && isLeftByUs(part)) {
                    if (part.handle().isPresent()) {
                        request(part.handle().get());
                        taken.add(part.handle().get());
                    }
                    removal.take(part.entry());
                }
            }
        }
    }

    /**
     * A power cut can leave a marker of ours without its content. Then it reads as rez's, but for the empty payload and
     * the age: such an entry, older than this boot, is nobody's.
     */
    private boolean isLeftByUs(HashDirectory.Part part) throws IOException {
        Optional<String> token = MarkerContent.token(part.entry());
        if (token.isPresent()) {
            return !StagingFolder.isHeld(layout, token.get());
        }
        Path payload = part.entry().payload();
        boolean emptyPayload = !part.hasPayload() || CacheWalk.children(payload).isEmpty();
        return emptyPayload && MarkerContent.isEmpty(part.entry()) && lock.isOlderThanBoot(part.entry().marker());
    }

    private boolean isCached(Handle handle, StagingFolder staging) throws IOException {
        boolean cached = lookup.find(handle).filter(found -> found.status() == Status.CACHED).isPresent();
        if (cached) {
            Optional<CopyRecord> draft = staging.draftRecord();
            if (draft.isPresent() && records.get(handle).isEmpty()) {
                records.adopt(staging.draft(), handle);
            }
        }
        return cached;
    }
}
