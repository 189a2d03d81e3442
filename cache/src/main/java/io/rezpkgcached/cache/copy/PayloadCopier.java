package io.rezpkgcached.cache.copy;

import io.rezpkgcached.cache.posix.Errno;
import io.rezpkgcached.cache.posix.PosixException;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Copies payloads; one copier serves many copies, also at the same time.
 *
 * <p>A copy that succeeds holds every name of the source as it was at one moment, as far as sizes, times and inode change times tell: a
 * source that changes while it is copied is copied again where it changed. Modes (without setuid and setgid), modification times, {@code user.*} attributes, ACLs, hard
 * links and symbolic links within the payload are kept.
 *
 * <p>Not guaranteed: owners and groups, access times, anything about a copy that failed, and that its data has reached a disk.
 */
public final class PayloadCopier {
    /** How often a changing source is copied again: a package that is still being installed is better left alone for a while. */
    private static final int MOST_ROUNDS = 3;

    private final int threads;
    private final LinkPolicy links;
    private final Pace pace;
    private final Readers readers;
    private final StepHook hook;

    /**
     * A copier for whoever may read the source.
     *
     * @param threads files at once for each payload: platform threads, many of which hide the latency of the storage
     * @param pace shared by all copies that are to keep it together
     */
    public PayloadCopier(int threads, LinkPolicy links, Pace pace) {
        this(threads, links, pace, Readers.AS_SOURCE);
    }

    public PayloadCopier(int threads, LinkPolicy links, Pace pace, Readers readers) {
        this(threads, links, pace, readers, StepHook.NONE);
    }

    PayloadCopier(int threads, LinkPolicy links, Pace pace, StepHook hook) {
        this(threads, links, pace, Readers.AS_SOURCE, hook);
    }

    PayloadCopier(int threads, LinkPolicy links, Pace pace, Readers readers, StepHook hook) {
        if (threads < 1) {
            throw new IllegalArgumentException("a copy needs at least one thread, not " + threads);
        }
        this.threads = threads;
        this.links = links;
        this.pace = pace;
        this.readers = readers;
        this.hook = hook;
    }

    /** Whom the copies are for. */
    public Readers readers() {
        return readers;
    }

    /**
     * Copies the tree under {@code source} to {@code target}, which must not exist and whose parent does.
     *
     * <p>Returns or throws within about a second of a cancel or an interrupt, even when storage hangs. After any exception the target is
     * incomplete or absent, and the caller's to delete; a thread that hung may still hold a file in it open.
     *
     * @param monitor of this copy alone
     * @throws PayloadRefusedException where it would fail in the same way next time
     * @throws ClosedToOthersException where it is for everyone, and not everyone may read all of it
     * @throws SourceChangedException where the source does not come to rest
     * @throws IOException where it may succeed later
     */
    public CopiedPayload copy(Path source, Path target, CopyMonitor monitor)
            throws IOException, PayloadRefusedException, CancelledException, InterruptedException {
        try (Crew crew = new Crew(threads, monitor)) {
            AtomicReference<Mount> payload = new AtomicReference<>();
            crew.alone(() -> payload.set(payload(source, target)));
            return copy(payload.get(), new Run(crew, monitor, pace, hook, new Warnings(), readers));
        } catch (FileSystemException | PosixException e) {
            if (isNameTooLong(e)) {
                throw new PayloadRefusedException("name too long to be copied: " + e.getMessage(), e);
            }
            throw e;
        }
    }

    private static boolean isNameTooLong(IOException e) {
        return switch (e) {
            case PosixException posix -> posix.errno() == Errno.ENAMETOOLONG;
            case FileSystemException java ->
                java.getReason() != null && java.getReason().startsWith(Errno.text(Errno.ENAMETOOLONG));
            default -> false;
        };
    }

    private static Mount payload(Path source, Path target) throws IOException, PayloadRefusedException {
        Path real = source.toRealPath();
        Path place = target.toAbsolutePath().getParent().toRealPath().resolve(target.getFileName());
        if (place.startsWith(real)) {
            throw new PayloadRefusedException(real + ": holds the place where its copy would go, " + place);
        }
        return new Mount(real, place, List.of());
    }

    private CopiedPayload copy(Mount payload, Run run)
            throws IOException, PayloadRefusedException, CancelledException, InterruptedException {
        // 1. Look at everything: what cannot be copied is found before anything is made.
        Manifest manifest = new Scan(run, payload, links).look();
        // 2. Copy.
        TreeWriter writer = new TreeWriter(run);
        writer.begin(payload.target());
        Set<FileNode> missed = writer.apply(Changes.all(manifest));
        // 3. Look again until nothing has changed since the look before.
        for (int round = 1;; round++) {
            run.step(Step.LOOK_AGAIN, payload.real());
            Manifest now = new Scan(run, payload, links).look();
            Changes changes = Changes.between(manifest, now, missed);
            manifest = now;
            if (changes.isEmpty()) {
                break;
            }
            if (round > MOST_ROUNDS) {
                throw new SourceChangedException(payload.real() + ": was copied again " + MOST_ROUNDS
                        + " times and is still changing, for one at " + changes.example());
            }
            missed = writer.apply(changes);
        }
        // 4. Folders, from the last look.
        writer.finish(manifest);
        return result(manifest, run);
    }

    private static CopiedPayload result(Manifest manifest, Run run) {
        Stat root = manifest.root().stat();
        return new CopiedPayload(manifest.files().size(), manifest.directories().size(), manifest.links().size(),
                Changes.all(manifest).bytes(), manifest.newest(), run.warnings().with(manifest.warnings()),
                new RootAttributes(run.readers().mode(root), root.modified()));
    }
}
