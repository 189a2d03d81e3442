package io.rezpkgcached.daemon;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.CacheWalk;
import io.rezpkgcached.cache.spool.RefusedRequests;
import io.rezpkgcached.cache.spool.RequestFile;
import io.rezpkgcached.cache.spool.RequestNote;
import io.rezpkgcached.cache.spool.RequestNotes;
import io.rezpkgcached.cache.spool.RequestReader;
import io.rezpkgcached.cache.spool.SpoolFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All requests that are known, and the files that made them. Each file ends in one of four ways: deleted with its
 * request, kept with it for another try, refused, or left because it could not even be deleted, which is tried again.
 * Owned by the loop's thread.
 */
final class SpoolState {
    private final List<SpoolFolder> folders;
    private final RequestReader reader;
    private final RefusedRequests refused;
    private final RequestNotes deferred;
    private final InstantSource time;
    private final RezLog log;
    private final Map<Handle, Request> requests = new LinkedHashMap<>();
    private final Map<Path, Handle> known = new HashMap<>();
    private final Set<Path> toDelete = new HashSet<>();
    private final Set<Path> stuck = new HashSet<>();
    private Asker askers;
    private boolean beingWritten;

    /** Decides whether a user may ask for anything. */
    @FunctionalInterface
    interface Asker {
        /** Why the owner of a file may not; empty if he may. */
        Optional<String> forbids(int owner);
    }

    SpoolState(List<SpoolFolder> folders, RequestReader reader, RefusedRequests refused, RequestNotes deferred,
            Asker askers, InstantSource time, RezLog log) {
        this.folders = List.copyOf(folders);
        this.reader = reader;
        this.refused = refused;
        this.deferred = deferred;
        this.askers = askers;
        this.time = time;
        this.log = log;
    }

    /** Changes who may ask, for files that are read from now on. */
    void change(Asker newAskers) {
        askers = newAskers;
    }

    /** Reads the names that are new in the spool. */
    void scan() throws IOException {
        beingWritten = false;
        Set<Path> present = new HashSet<>();
        for (SpoolFolder folder : folders) {
            for (Path path : CacheWalk.children(folder.path())) {
                present.add(path);
                if (toDelete.contains(path)) {
                    delete(path);
                } else if (!known.containsKey(path)) {
                    look(path, folder.priority());
                }
            }
        }
        known.keySet().retainAll(present); // a request is served even if its file vanishes
        toDelete.retainAll(present);
        stuck.retainAll(present);
    }

    /** A name that can neither be read nor be taken away must not keep us from the others. */
    private void look(Path path, int priority) {
        try {
            take(reader.read(path), priority);
            stuck.remove(path);
        } catch (IOException e) {
            if (stuck.add(path)) {
                log.warn("Cannot take request " + path + ": " + e + "; it is tried again at each look");
            }
        }
    }

    /** Whether a file was found that its writer had not finished: look again soon. */
    boolean isBeingWritten() {
        return beingWritten;
    }

    private void take(RequestFile file, int priority) throws IOException {
        switch (file) {
            case RequestFile.Complete complete -> take(complete, priority);
            case RequestFile.BeingWritten _ -> beingWritten = true;
            case RequestFile.Malformed bad -> refuse(bad.path(), bad.content(), bad.owner(), bad.reason());
            case RequestFile.Gone _ -> {
                // somebody else served it between our two looks
            }
            case RequestFile.Unreadable bad -> throw bad.cause();
        }
    }

    private void take(RequestFile.Complete file, int priority) throws IOException {
        Optional<String> forbidden = askers.forbids(file.owner());
        if (forbidden.isPresent()) {
            refuse(file.path(), file.handle().toJson(), file.owner(), forbidden.get());
            return;
        }
        known.put(file.path(), file.handle());
        request(file.handle(), priority).askedBy(file.path(), priority);
    }

    /** The request for a variant, made if there is none. */
    private Request request(Handle handle, int priority) throws IOException {
        Request request = requests.get(handle);
        if (request == null) {
            request = new Request(handle, priority, time.instant());
            Optional<RequestNote> note = deferred.get(handle);
            if (note.isPresent()) {
                request.deferred(note.get().tries(), note.get().time());
            }
            requests.put(handle, request);
        }
        return request;
    }

    /** Requests that are due and not being served, the most urgent and oldest first. */
    List<Request> due(Instant now) {
        return requests.values().stream().filter(request -> !request.isRunning() && !request.due().isAfter(now))
                .sorted(Comparator.comparingInt(Request::priority).thenComparing(Request::since)).toList();
    }

    /** All that is asked for, being served or not. */
    List<Request> all() {
        return List.copyOf(requests.values());
    }

    /** Whether there is nothing to serve, now or later, and no name either that a watcher would take for a request. */
    boolean isEmpty() {
        return requests.isEmpty() && toDelete.isEmpty() && stuck.isEmpty() && !beingWritten;
    }

    /** When the next request that waits is due. */
    Optional<Instant> nextDue() {
        return requests.values().stream().filter(request -> !request.isRunning()).map(Request::due)
                .min(Comparator.naturalOrder());
    }

    /** Drops what was noted of requests that somebody withdrew while no daemon ran. */
    void forgetWithdrawn() throws IOException {
        for (RequestNote note : deferred.all()) {
            if (!requests.containsKey(note.handle())) {
                deferred.remove(note.handle());
            }
        }
    }

    /** Ends a request: its files go, and what was noted of it. */
    void end(Request request) throws IOException {
        requests.remove(request.handle());
        for (Path file : request.files()) {
            delete(file);
        }
        deferred.remove(request.handle());
    }

    /** Ends a request that is refused: its files go to the refused ones. */
    void refuse(Request request, String reason) throws IOException {
        for (Path file : request.files()) {
            refuse(file, request.handle().toJson(), ownerOf(file), reason);
            known.remove(file);
        }
        requests.remove(request.handle());
        deferred.remove(request.handle());
    }

    private static int ownerOf(Path file) {
        try {
            return (int) Files.getAttribute(file, "unix:uid", java.nio.file.LinkOption.NOFOLLOW_LINKS);
        } catch (IOException _) {
            return -1; // it has gone; only the report wanted to know
        }
    }

    /** Keeps a request for another try, over restarts too. */
    void defer(Request request, int tries, Instant next, String reason) throws IOException {
        request.deferred(tries, next);
        deferred.put(new RequestNote(request.handle(), tries, reason, next));
    }

    private void refuse(Path file, String content, int owner, String reason) throws IOException {
        int dropped = refused.refuse(file, content, owner, reason);
        log.warn("Refused request " + file.getFileName() + " of user " + owner + ": " + reason);
        if (dropped > 0) {
            log.warn("Dropped the " + dropped + " oldest refused requests, since there are more than "
                    + RefusedRequests.MAX_FILES);
        }
    }

    private void delete(Path file) {
        known.remove(file);
        try {
            Files.deleteIfExists(file);
            toDelete.remove(file);
        } catch (IOException e) {
            if (toDelete.add(file)) {
                log.warn("Cannot delete the served request " + file + ": " + e + "; it is tried again at each look");
            }
        }
    }
}
