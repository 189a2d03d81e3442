package io.rezpkgcached.client;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.CacheWalk;
import io.rezpkgcached.cache.listing.VariantNames;
import io.rezpkgcached.cache.spool.OwnedRequest;
import io.rezpkgcached.cache.spool.RefusedRequest;
import io.rezpkgcached.cache.spool.RefusedRequests;
import io.rezpkgcached.cache.spool.RequestFile;
import io.rezpkgcached.cache.spool.RequestNote;
import io.rezpkgcached.cache.spool.RequestNotes;
import io.rezpkgcached.cache.spool.RequestReader;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The requests of a cache that are not served, and why; what a user has requested twice, or again after it failed or was refused, is one request. What another user's daemon keeps to itself it is asked for; where it
 * does not answer that is left out, and that it was is told.
 */
final class KnownRequests {
    /**
     * One of them.
     *
     * @param state   {@code pending}, {@code prefetch} (nobody waits for it), {@code deferred}, {@code failed} or {@code refused}
     * @param uri     of the variant; the name of its file where it holds no handle
     * @param reason  empty of what is pending and was never tried
     * @param tries   how many there were
     * @param nextTry when the next one is due
     * @param time    when it was requested, given up or refused
     * @param owner   the user id of who asked
     */
    record Known(String state, String uri, Optional<Handle> handle, String reason, OptionalInt tries,
            Optional<Instant> nextTry, Optional<Instant> time, OptionalLong owner) {
        /** Whether it asks again for what was given up, whoever asked for that, or was refused to the same user. */
        boolean asksAgainFor(Known aside) {
            return (state.equals(PENDING) || state.equals(PREFETCH) || state.equals(DEFERRED)) && handle.isPresent()
                    && handle.equals(aside.handle()) && (aside.state().equals(FAILED) || owner.equals(aside.owner()));
        }

        /** The one to show of the two: the newer, and of what waits for its first try also what came of it before. */
        Known after(Known aside) {
            if (time.isPresent() && aside.time().isPresent() && aside.time().get().isAfter(time.get())) {
                return aside; // its file is about to go
            }
            return state.equals(DEFERRED)
                    ? this
                    : new Known(state, uri, handle, aside.state() + " before: " + aside.reason(), aside.tries(),
                            nextTry, time, owner);
        }
    }

    private static final String PENDING = "pending";
    private static final String PREFETCH = "prefetch";
    private static final String DEFERRED = "deferred";
    private static final String FAILED = "failed";

    private final CacheLayout layout;
    private final InstantSource clock;
    private final VariantNames names;
    private final List<Known> found = new ArrayList<>();
    private final DaemonsRequests daemons;
    private boolean complete = true;

    private KnownRequests(CacheLayout layout, InstantSource clock) {
        this.layout = layout;
        this.clock = clock;
        this.names = new VariantNames(layout);
        this.daemons = new DaemonsRequests(layout);
    }

    static KnownRequests read(CacheLayout layout, InstantSource clock) throws IOException {
        KnownRequests requests = new KnownRequests(layout, clock);
        requests.addPending();
        try {
            requests.addFailed();
            requests.addRefused();
        } catch (AccessDeniedException _) {
            requests.addToldByDaemon(); // another user's
        }
        return requests;
    }

    List<Known> all() {
        return found;
    }

    /** False if this user may not see what was deferred, refused or given up. */
    boolean isComplete() {
        return complete;
    }

    /** The variant that is listed by this URI, also where its package has gone. */
    Optional<Handle> find(String uri) {
        return found.stream().filter(known -> known.uri().equals(uri)).flatMap(known -> known.handle().stream())
                .findFirst();
    }

    private void addPending() throws IOException {
        RequestReader reader = RequestReader.plain(clock);
        List<Path> paths = new ArrayList<>(CacheWalk.sorted(layout.pending()));
        paths.addAll(CacheWalk.sorted(layout.waiting()));
        paths.addAll(CacheWalk.sorted(layout.prefetch()));
        Set<Map.Entry<Handle, Integer>> listed = new HashSet<>();
        for (Path path : paths) {
            switch (reader.read(path)) {
                case RequestFile.Complete complete -> {
                    Handle handle = complete.handle();
                    Optional<RequestNote> note = deferred(handle);
                    String waiting = layout.prefetch().equals(path.getParent()) ? PREFETCH : PENDING;
                    int owner = OwnedRequest.owner(layout, path).orElse(complete.owner());
                    if (listed.add(Map.entry(handle, owner))) { // the most urgent of his is listed first
                        found.add(new Known(note.isPresent() ? DEFERRED : waiting, names.uri(handle),
                                Optional.of(handle), note.map(RequestNote::reason).orElse(""), tries(note),
                                note.map(RequestNote::time), modified(path),
                                OptionalLong.of(Integer.toUnsignedLong(owner))));
                    }
                }
                case RequestFile.Malformed bad -> found.add(unread(path, bad.reason(), OptionalLong.of(bad.owner())));
                case RequestFile.Unreadable bad ->
                    found.add(unread(path, bad.cause().toString(), OptionalLong.empty()));
                case RequestFile.BeingWritten _,RequestFile.Gone _ -> {
                    // not yet, or no longer
                }
            }
        }
    }

    private static OptionalInt tries(Optional<RequestNote> note) {
        return note.isPresent() ? OptionalInt.of(note.get().tries()) : OptionalInt.empty();
    }

    private Known unread(Path path, String reason, OptionalLong owner) {
        return new Known(PENDING, path.toString(), Optional.empty(), reason, OptionalInt.empty(), Optional.empty(),
                modified(path), owner);
    }

    private Optional<RequestNote> deferred(Handle handle) throws IOException {
        try {
            return new RequestNotes(layout.deferred()).get(handle);
        } catch (AccessDeniedException _) {
            return daemons.find(DEFERRED, handle).map(told -> new RequestNote(handle,
                    (int) told.tries().orElse(0), told.reason(), told.time().orElse(Instant.EPOCH)));
        }
    }

    private void addToldByDaemon() throws IOException {
        for (DaemonsRequests.Told told : daemons.all()) {
            if (!told.state().equals(DEFERRED)) {
                OptionalInt tries = told.tries().isPresent()
                        ? OptionalInt.of((int) told.tries().getAsLong())
                        : OptionalInt.empty();
                addAside(new Known(told.state(), told.handle().map(names::uri).orElse(told.file()), told.handle(),
                        told.reason(), tries, Optional.empty(), told.time(), told.owner()));
            }
        }
        complete = daemons.isAnswered();
    }

    /** What failed or was refused, unless it is requested again. */
    private void addAside(Known aside) {
        boolean again = false;
        for (int place = 0; place < found.size(); place++) {
            if (found.get(place).asksAgainFor(aside)) {
                found.set(place, found.get(place).after(aside));
                again = true;
            }
        }
        if (!again) {
            found.add(aside);
        }
    }

    private static Optional<Instant> modified(Path path) {
        try {
            return Optional.of(Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS).toInstant());
        } catch (NoSuchFileException _) {
            return Optional.empty(); // served since
        } catch (IOException _) {
            return Optional.empty(); // its reason says what is wrong with it
        }
    }

    private void addFailed() throws IOException {
        for (RequestNote note : new RequestNotes(layout.failed()).all()) {
            addAside(new Known(FAILED, names.uri(note.handle()), Optional.of(note.handle()), note.reason(),
                    OptionalInt.of(note.tries()), Optional.empty(), Optional.of(note.time()), OptionalLong.empty()));
        }
    }

    private void addRefused() throws IOException {
        for (RefusedRequest request : new RefusedRequests(layout, clock).all()) {
            addAside(new Known("refused", request.handle().map(names::uri).orElse(request.file()), request.handle(),
                    request.reason(), OptionalInt.empty(), Optional.empty(), Optional.of(request.time()),
                    OptionalLong.of(request.owner())));
        }
    }
}
