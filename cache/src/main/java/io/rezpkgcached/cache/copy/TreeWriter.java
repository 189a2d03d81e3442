package io.rezpkgcached.cache.copy;

import io.rezpkgcached.cache.posix.Posix;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Makes changes to a copy. While it is being made its folders are open to their owner only. */
final class TreeWriter {
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY = PosixFilePermissions
            .asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Run run;
    private final ContentCopier content;
    private final Attributes attributes;
    private final Set<FileNode> missed = ConcurrentHashMap.newKeySet();

    TreeWriter(Run run) {
        this.run = run;
        this.content = new ContentCopier(run);
        this.attributes = new Attributes(run.warnings(), run.readers());
    }

    /** Makes the root of the copy. */
    void begin(Path root) throws IOException, PayloadRefusedException, CancelledException, InterruptedException {
        run.crew().alone(() -> makeFolder(root));
    }

    private void makeFolder(Path folder) throws IOException, CancelledException {
        run.step(Step.MAKE_FOLDER, folder);
        Files.createDirectory(folder, OWNER_ONLY);
    }

    /** Brings the copy up to a manifest, except for the attributes of folders. Returns files that were not there to be copied. */
    Set<FileNode> apply(Changes changes)
            throws IOException, PayloadRefusedException, CancelledException, InterruptedException {
        missed.clear();
        run.monitor().expect(changes.files().size() + changes.names().size(), changes.bytes());
        // 1. What is gone makes room for what has its name now. 2. Folders, 3. files in them, 4. more names of those files.
        run.crew().alone(() -> {
            for (Node node : changes.gone()) {
                delete(node.target());
            }
            for (DirectoryNode directory : changes.directories()) {
                makeFolder(directory.target());
            }
        });
        run.crew().forEach(changes.files(), this::copy);
        run.crew().forEach(changes.names(), this::name);
        // 5. Links last, so that nothing is ever written through one.
        run.crew().forEach(changes.links(), this::link);
        return Set.copyOf(missed);
    }

    /** Attributes of folders, when nothing will be made in them any more. The root stays open to its owner, to be renamed. */
    void finish(Manifest manifest)
            throws IOException, PayloadRefusedException, CancelledException, InterruptedException {
        // 1. Attributes from the source, many at once. 2. Deepest first: a mode may close a folder, and a new name moves its time.
        run.crew().forEach(manifest.directories(), this::copyExtended);
        run.crew().alone(() -> {
            copyExtended(manifest.root());
            List<DirectoryNode> deepestFirst = manifest.directories().reversed();
            for (DirectoryNode directory : deepestFirst) {
                setTimeAndMode(directory, run.readers().mode(directory.stat()));
            }
            setTimeAndMode(manifest.root(), run.readers().mode(manifest.root().stat()) | 0700);
        });
    }

    private void copyExtended(DirectoryNode directory) throws IOException, CancelledException {
        run.step(Step.SET_ATTRIBUTES, directory.target());
        attributes.copyExtended(directory.source(), directory.target());
    }

    private void setTimeAndMode(DirectoryNode directory, int mode) throws IOException, CancelledException {
        run.step(Step.SET_ATTRIBUTES, directory.target());
        attributes.setTimeAndMode(directory.target(), directory.stat(), mode);
    }

    private void delete(Path target) throws IOException, CancelledException {
        run.step(Step.DELETE, target);
        Files.deleteIfExists(target);
    }

    private void copy(FileNode file) throws IOException, CancelledException {
        Path target = file.target();
        try {
            if (content.copy(file, target) != file.stat().size()) {
                missed.add(file);
            }
            run.step(Step.SET_ATTRIBUTES, target);
            attributes.copyExtended(file.source(), target);
            attributes.setTimeAndMode(target, file.stat(), run.readers().mode(file.stat()));
        } catch (IOException e) {
            if (!isReplaced(file)) {
                throw named(e, file.source());
            }
            missed.add(file);
        }
        run.monitor().fileFinished();
    }

    /** Whether a failure is explained by the source having gone, or being another file now. */
    private static boolean isReplaced(FileNode file) throws IOException {
        try {
            return !Stat.of(file.source()).identity().equals(file.stat().identity());
        } catch (NoSuchFileException e) {
            return true;
        }
    }

    private static IOException named(IOException e, Path source) {
        return e instanceof AccessDeniedException denied && denied.getFile().equals(source.toString())
                ? new AccessDeniedException(source.toString(), null, "this user (" + Posix.geteuid()
                        + ") may not read it")
                : e;
    }

    private void name(Changes.HardLink name) throws IOException, CancelledException {
        Path target = name.other().target();
        delete(target);
        run.step(Step.MAKE_LINK, target);
        try {
            Files.createLink(target, name.first().target());
        } catch (NoSuchFileException e) {
            missed.add(name.other());
        } catch (FileSystemException | UnsupportedOperationException e) {
            // A file system without hard links, or too many of one file.
            run.monitor().expect(0, name.other().stat().size());
            copy(name.other());
            return;
        }
        run.monitor().fileFinished();
    }

    private void link(LinkNode link) throws IOException, CancelledException {
        Path target = link.target();
        delete(target);
        run.step(Step.MAKE_LINK, target);
        Files.createSymbolicLink(target, link.text());
        Posix.setModified(target, link.stat().modified());
    }
}
