package io.rezpkgcached.cache.copy;

import io.rezpkgcached.cache.access.WorldAccess;
import io.rezpkgcached.cache.posix.DataMap;
import io.rezpkgcached.cache.posix.OpenedFile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/** Copies the bytes of files, in chunks between which a copy can be stopped, slowed down and watched. */
final class ContentCopier {
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY = PosixFilePermissions
            .asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final Set<OpenOption> SOURCE = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    private static final Set<OpenOption> TARGET = Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
    /** Smaller files are copied with their holes filled: a look costs an open. */
    private static final int WORTH_A_LOOK_FOR_HOLES = 1 << 20;
    private static final int FALLBACK_BUFFER = 64 * 1024;

    private final Run run;

    ContentCopier(Run run) {
        this.run = run;
    }

    /**
     * Makes the target with the content of the file, readable for its owner only.
     *
     * @return bytes copied: fewer than its size where the file has become shorter; what was appended is not copied
     */
    long copy(FileNode file, Path target) throws IOException, CancelledException {
        Path source = file.source();
        long size = file.stat().size();
        run.step(Step.COPY_FILE, source);
        long done = 0;
        try (FileChannel in = open(source);
                FileChannel out = create(target)) {
            done = size < WORTH_A_LOOK_FOR_HOLES
                    ? range(in, out, 0, size, source)
                    : sparse(in, out, size, source);
            return done;
        } finally {
            run.monitor().expect(0, done - size);
        }
    }

    /** What is for everyone is looked at once more when it is open: another file may have its name, or lie behind a link, by now. */
    private FileChannel open(Path source) throws IOException {
        if (run.readers() == Readers.AS_SOURCE) {
            return FileChannel.open(source, SOURCE);
        }
        try (OpenedFile file = OpenedFile.open(source)) {
            Optional<String> closed = WorldAccess.closedFile(source, file.mode(), file::acl);
            if (closed.isPresent()) {
                throw new ClosedToOthersException(closed.get());
            }
            if (!file.isRegular() || !file.place().equals(source)) {
                throw new SourceChangedException(source + ": is " + file.place() + " by now");
            }
            return file.channel();
        }
    }

    /** Never writes into a file that is there: it may have other names by now. */
    private static FileChannel create(Path target) throws IOException {
        try {
            return FileChannel.open(target, TARGET, OWNER_ONLY);
        } catch (FileAlreadyExistsException copiedBefore) {
            Files.delete(target);
            return FileChannel.open(target, TARGET, OWNER_ONLY);
        }
    }

    private long sparse(FileChannel in, FileChannel out, long size, Path source)
            throws IOException, CancelledException {
        try (DataMap map = DataMap.open(source, size)) {
            long done = 0;
            while (done < size) {
                long data = map.nextData(done);
                long hole = map.nextHole(data);
                run.monitor().bytesWritten(data - done);
                out.position(data);
                done = range(in, out, data, hole, source);
                if (done < hole) {
                    return done;
                }
            }
            if (out.size() < size) {
                out.write(ByteBuffer.allocate(1), size - 1); // the last hole: Java cannot make a file longer in another way
            }
            return done;
        }
    }

    /** Returns the position that was reached. */
    private long range(FileChannel in, FileChannel out, long from, long to, Path source)
            throws IOException, CancelledException {
        long done = from;
        while (done < to) {
            long moved = chunk(in, out, done, to - done, source);
            if (moved <= 0) {
                break;
            }
            done += moved;
            run.monitor().bytesWritten(moved);
        }
        return done;
    }

    private long chunk(FileChannel in, FileChannel out, long position, long left, Path source)
            throws IOException, CancelledException {
        long bytes = Math.min(left, run.pace().chunk());
        run.pace().take(bytes, run.crew()::stopping);
        run.step(Step.COPY_CHUNK, source);
        long moved = in.transferTo(position, bytes, out);
        // Some file systems answer copy_file_range(2) with 0 before the end of a file: only a read that finds the end is believed.
        return moved > 0 ? moved : readAndWrite(in, out, position);
    }

    private static long readAndWrite(FileChannel in, FileChannel out, long position) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(FALLBACK_BUFFER);
        int read = in.read(buffer, position);
        buffer.flip();
        while (buffer.hasRemaining()) {
            out.write(buffer);
        }
        return read;
    }
}
