package io.rezpkgcached.cache.records;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.CacheWalk;
import io.rezpkgcached.cache.layout.StateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The records of a cache, one file for each handle. */
public final class CopyRecords {
    private final Path folder;

    public CopyRecords(CacheLayout layout) {
        this.folder = layout.records();
    }

    public void put(CopyRecord record) throws IOException {
        write(file(record.handle()), record);
    }

    /** Makes a record of one that {@link #write} wrote on the same disk, for which a full disk has room. */
    public void adopt(Path file, Handle handle) throws IOException {
        Files.move(file, file(handle), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Writes a record to a file of the caller's. */
    public static void write(Path file, CopyRecord record) throws IOException {
        StateFile.write(file, record.toTree());
    }

    /** Reads one that {@link #write} wrote; empty if there is none. */
    public static Optional<CopyRecord> read(Path file) throws IOException {
        return StateFile.read(file).flatMap(CopyRecord::parse);
    }

    /** The record of a handle; empty if there is none or we may not read it. */
    public Optional<CopyRecord> get(Handle handle) {
        try {
            return read(file(handle)).filter(found -> found.handle().equals(handle));
        } catch (IOException _) {
            return Optional.empty(); // records are open to the daemon's user alone, and nobody depends on them
        }
    }

    public void remove(Handle handle) throws IOException {
        Files.deleteIfExists(file(handle));
    }

    /** All records that can be read, in no order. */
    public List<CopyRecord> all() throws IOException {
        List<CopyRecord> records = new ArrayList<>();
        for (Path file : CacheWalk.children(folder)) {
            read(file).ifPresent(records::add);
        }
        return records;
    }

    private Path file(Handle handle) {
        return folder.resolve(handle.sha1() + ".json");
    }
}
