package io.rezpkgcached.cache.spool;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.CacheWalk;
import io.rezpkgcached.cache.layout.StateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A folder of {@link RequestNote}s, one for each handle: those that wait for another try, or those that were given up. */
public final class RequestNotes {
    private final Path folder;

    public RequestNotes(Path folder) {
        this.folder = folder;
    }

    public void put(RequestNote note) throws IOException {
        StateFile.write(file(note.handle()), note.toTree());
    }

    public Optional<RequestNote> get(Handle handle) throws IOException {
        return StateFile.read(file(handle)).flatMap(RequestNote::parse).filter(note -> note.handle().equals(handle));
    }

    public void remove(Handle handle) throws IOException {
        Files.deleteIfExists(file(handle));
    }

    /** All notes that can be read, in no order. */
    public List<RequestNote> all() throws IOException {
        List<RequestNote> notes = new ArrayList<>();
        for (Path file : CacheWalk.children(folder)) {
            StateFile.read(file).flatMap(RequestNote::parse).ifPresent(notes::add);
        }
        return notes;
    }

    private Path file(Handle handle) {
        return folder.resolve(handle.sha1() + ".json");
    }
}
