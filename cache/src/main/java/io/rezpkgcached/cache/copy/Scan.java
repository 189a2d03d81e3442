package io.rezpkgcached.cache.copy;

import io.rezpkgcached.cache.access.WorldAccess;
import io.rezpkgcached.cache.posix.Xattrs;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Looks at every name of a payload, many at once, and decides about its links.
 *
 * <p>What vanishes meanwhile is left out: the next look tells. A payload with something that cannot be copied is refused by its path.
 */
final class Scan {
    /** Names for one thread: a wide folder is shared by all of them. */
    private static final int BATCH = 128;
    /**
     * A bound for trees that links multiply, two in each folder to the next one. Two looks are in memory at a time, of about 400 bytes a name
     * (measured: 50,000 names fit a heap of 64 MB), so this takes less than 2 GB.
     */
    private static final int MOST_NAMES = 2_000_000;

    private final Run run;
    private final Mount payload;
    private final LinkResolver links;
    private final Queue<String> warnings = new ConcurrentLinkedQueue<>();
    private final AtomicInteger names = new AtomicInteger();

    Scan(Run run, Mount payload, LinkPolicy policy) {
        this.run = run;
        this.payload = payload;
        this.links = new LinkResolver(policy, payload);
    }

    Manifest look() throws IOException, PayloadRefusedException, CancelledException, InterruptedException {
        AtomicReference<DirectoryNode> root = new AtomicReference<>();
        run.crew().alone(() -> {
            run.step(Step.LOOK_AT, payload.real());
            Stat stat = Stat.of(payload.real());
            if (!stat.isDirectory()) {
                throw new NotDirectoryException(payload.real().toString());
            }
            refuseClosedWay(payload.real());
            refuseClosed(payload.real(), stat);
            root.set(new DirectoryNode(Path.of(""), payload.real(), payload.target(), stat));
            list(root.get(), payload);
        });
        return Manifest.of(root.get(), List.copyOf(warnings));
    }

    private void list(DirectoryNode directory, Mount mount)
            throws IOException, CancelledException, PayloadRefusedException {
        run.step(Step.LIST, directory.source());
        List<Path> batch = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory.source())) {
            for (Path entry : entries) {
                batch.add(entry.getFileName());
                if (batch.size() == BATCH) {
                    List<Path> full = batch;
                    run.crew().submit(() -> lookAt(directory, full, mount));
                    batch = new ArrayList<>();
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            if (directory.source().equals(payload.real())) {
                throw e;
            }
            return; // gone since its folder was listed
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        lookAt(directory, batch, mount);
    }

    private void lookAt(DirectoryNode directory, List<Path> batch, Mount mount)
            throws IOException, CancelledException, PayloadRefusedException {
        if (names.addAndGet(batch.size()) > MOST_NAMES) {
            throw new PayloadRefusedException(payload.real() + ": more than " + MOST_NAMES + " names, links followed");
        }
        List<Node> found = new ArrayList<>(batch.size());
        for (Path name : batch) {
            Path path = directory.source().resolve(name);
            run.step(Step.LOOK_AT, path);
            try {
                Stat stat = Stat.of(path);
                found.add(stat.isLink()
                        ? link(directory, name, stat, mount)
                        : node(directory, name, name, stat, mount));
            } catch (NoSuchFileException gone) {
                // Since its folder was listed: the next look finds the difference.
            }
        }
        directory.add(found);
    }

    private Node link(DirectoryNode directory, Path name, Stat stat, Mount mount)
            throws IOException, PayloadRefusedException {
        return switch (links.resolve(directory, name, mount)) {
            case LinkEnd.Kept kept -> {
                kept.warning().ifPresent(warnings::add);
                yield new LinkNode(directory, name, kept.text(), stat);
            }
            case LinkEnd.Followed followed -> {
                Path end = followed.real();
                refuseClosedWay(end);
                Mount tree = mount.followed(directory, end, directory.target().resolve(name));
                yield node(directory, name, end, Stat.of(end), tree);
            }
        };
    }

    /** A file or folder; {@code from} is its name, or the real path where a link ended. */
    private Node node(DirectoryNode directory, Path name, Path from, Stat stat, Mount mount)
            throws IOException, PayloadRefusedException {
        Path source = directory.source().resolve(from);
        refuseClosed(source, stat);
        if (stat.isFile()) {
            return new FileNode(directory, name, from, stat);
        }
        if (!stat.isDirectory()) {
            throw new PayloadRefusedException(source + ": " + stat.kind() + ", which cannot be copied; "
                    + (from.isAbsolute() ? "a link in " + directory.source() + " leads there" : "remove it"));
        }
        DirectoryNode child = new DirectoryNode(name, source, directory.target().resolve(name), stat);
        run.crew().submit(() -> list(child, mount));
        return child;
    }

    /** All folders above a tree, of which a look at the tree itself says nothing. */
    private void refuseClosedWay(Path tree) throws IOException {
        if (run.readers() == Readers.EVERYONE && tree.getParent() != null) {
            refuse(WorldAccess.closedWay(tree.getParent()));
        }
    }

    private void refuseClosed(Path source, Stat stat) throws IOException {
        if (run.readers() == Readers.EVERYONE && stat.isFile()) {
            refuse(WorldAccess.closedFile(source, stat.mode(), () -> Xattrs.get(source, Xattrs.ACL)));
        } else if (run.readers() == Readers.EVERYONE && stat.isDirectory()) {
            refuse(WorldAccess.closedFolder(source, stat.mode(), () -> Xattrs.get(source, Xattrs.ACL)));
        }
    }

    private static void refuse(Optional<String> closed) throws ClosedToOthersException {
        if (closed.isPresent()) {
            throw new ClosedToOthersException(closed.get());
        }
    }
}
