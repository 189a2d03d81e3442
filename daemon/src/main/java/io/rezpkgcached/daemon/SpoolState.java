package io.rezpkgcached.daemon;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.CacheWalk;
import io.rezpkgcached.cache.spool.OwnedRequest;
import io.rezpkgcached.cache.spool.RefusedRequests;
import io.rezpkgcached.cache.spool.RequestFile;
import io.rezpkgcached.cache.spool.RequestNote;
import io.rezpkgcached.cache.spool.RequestNotes;
import io.rezpkgcached.cache.spool.RequestReader;
import io.rezpkgcached.cache.spool.SpoolFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * All requests that are known, and the files that made them. Each file ends in one of four ways: deleted with its
 * request, kept with it for another try, refused, or left because it could not even be deleted, which is tried again.
 * Owned by the loop's thread.
 */
final class SpoolState {
    /** Names that are looked at in one turn: others may write faster than we delete. */
    private static final int MOST_NAMES = 10_000;

    /** A repository that has not answered for so long may not answer at all. */
    private static final Duration CLAIM_WITHIN = Duration.ofSeconds(1);

    private final List<SpoolFolder> folders;
    private final RequestReader reader;
    private final RefusedRequests refused;
    private final RequestNotes deferred;
    private final InstantSource time;
    private final RezLog log;
    private final Map<Handle, Request> requests = new LinkedHashMap<>();
    private final CacheLayout layout;
    private final SpoolSharing limits;
    private final Optional<SpoolSharing> sharing;
    private final Map<Path, Asked> known = new HashMap<>();
    private final Map<Integer, Integer> countOf = new HashMap<>();
    private final Set<Integer> overLimit = new HashSet<>();
    private final Set<Path> toDelete = new HashSet<>();
    private final Set<Path> stuck = new HashSet<>();
    private Asker askers;
    private boolean beingWritten;

    /** What a file asks for, and whose it is. */
    private record Asked(Handle handle, int owner, int priority) {}

    /** Decides whether a user may ask for anything. */
    @FunctionalInterface
    interface Asker {
        /** Why the owner of a file may not; empty if he may. */
        Optional<String> forbids(int owner);
    }

    /** @param sharing of a shared cache */
    SpoolState(CacheLayout layout, RequestReader reader, RefusedRequests refused, RequestNotes deferred,
            Asker askers, Optional<SpoolSharing> sharing, InstantSource time, RezLog log) {
        this.sharing = sharing;
        this.layout = layout;
        this.limits = new SpoolSharing(layout);
        this.folders = SpoolFolder.of(layout);
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
        boolean complete = true;
        countOwners();
        for (SpoolFolder folder : folders) {
            List<Path> names = CacheWalk.children(folder.path(), MOST_NAMES);
            complete &= names.size() < MOST_NAMES;
            for (Path path : names) {
                present.add(path);
                if (toDelete.contains(path)) {
                    delete(path);
                } else if (!known.containsKey(path)) {
                    look(path, folder.priority());
                }
            }
        }
        if (!complete) {
            beingWritten = true; // there is more to look at
            return;
        }
        // A request is served even if its file vanishes; in a shared cache it is also remembered who asked.
        known.keySet().removeIf(path -> !present.contains(path) && !isKept(path));
        toDelete.retainAll(present);
        stuck.retainAll(present);
    }

    /** What was caught before it vanished is put apart with the next turn, or when it was served. */
    private boolean isKept(Path path) {
        return sharing.isPresent() && !sharing.get().isApart(path) && requests.containsKey(known.get(path).handle());
    }

    /** A request that was read when it was written, and may have been deleted since. */
    void caught(RequestFile.Complete file) throws IOException {
        Request request = requests.get(file.handle());
        boolean taken = known.containsKey(file.path())
                // a look was faster, and has put it apart
                || (request != null && request.files().stream().anyMatch(each -> isAsked(each, file.owner())));
        if (!taken && sharing.isPresent() && !isOverShare(file.owner())) {
            take(file, SpoolFolder.ASKED);
        }
    }

    /** A name that can neither be read nor be taken away must not keep us from the others. */
    private void look(Path path, int priority) {
        try {
            if (!isTooMany(path)) {
                take(reader.read(path), priority);
            }
            stuck.remove(path);
        } catch (IOException e) {
            if (stuck.add(path)) {
                log.warn("Cannot take request " + path + ": " + e + "; it is tried again at each look");
            }
        }
    }

    private void countOwners() {
        countOf.clear();
        for (Asked asked : known.values()) {
            count(asked);
        }
        overLimit.removeIf(owner -> !isOverShare(owner));
    }

    private boolean isOverShare(int owner) {
        return sharing.isPresent() && sharing.get().isTooMany(owner, countOf.getOrDefault(owner, 0));
    }

    /** What is prefetched has a share of its own: it must cost nobody what he waits for. */
    private void count(Asked asked) {
        if (asked.priority() == SpoolFolder.ASKED) {
            countOf.merge(asked.owner(), 1, Integer::sum);
        }
    }

    /** Drops what one user asks for beyond his share, unread; his other requests are served, and he may ask again then. */
    private boolean isTooMany(Path path) throws IOException {
        if (sharing.isEmpty() || sharing.get().isApart(path)) {
            return false;
        }
        int owner = ownerOf(path);
        if (!isOverShare(owner)) {
            return false;
        }
        if (overLimit.add(owner)) {
            log.warn("User " + owner + " has " + SpoolSharing.MOST_PER_USER
                    + " requests, and more of him are dropped until some are served");
        }
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            return false; // whatever it holds, it is refused as any other
        }
        Files.deleteIfExists(path);
        return true;
    }

    /** Takes what is not being served out of the spool of a shared cache; see {@link SpoolSharing}. */
    void park() throws IOException {
        if (sharing.isPresent()) {
            for (Request request : requests.values()) {
                if (!request.isRunning()) {
                    park(request);
                }
            }
        }
    }

    /** The same for requests whose repository is slow. */
    void parkSlow(List<Job> running) throws IOException {
        for (Job job : running) {
            if (job.isSlowToClaim(CLAIM_WITHIN)) {
                park(job.request());
            }
        }
    }

    /** Takes one request out of the spool of a shared cache, and keeps one file of each user who asks for it. */
    void park(Request request) throws IOException {
        if (sharing.isEmpty()) {
            return;
        }
        for (Path file : List.copyOf(request.files())) {
            if (sharing.get().isApart(file) || toDelete.contains(file)) {
                continue;
            }
            Asked asked = known.remove(file);
            request.files().remove(file);
            if (asked == null) {
                continue; // of a file that vanished before this daemon was told who asked
            }
            if (request.files().stream().map(known::get).anyMatch(asked::equals)) {
                delete(file);
            } else {
                Path apart = sharing.get().putApart(file, asked.handle(), asked.owner());
                request.files().add(apart);
                known.put(apart, asked);
            }
        }
    }

    /** How soon to look again whether something must leave the spool; empty if that is not our concern. */
    Optional<Duration> parkAgain() {
        return sharing.map(_ -> CLAIM_WITHIN);
    }

    /** Whether a file was found that its writer had not finished: look again soon. */
    boolean isBeingWritten() {
        return beingWritten;
    }

    private void take(RequestFile file, int priority) throws IOException {
        switch (file) {
            case RequestFile.Complete complete -> take(complete, priority);
            case RequestFile.BeingWritten unfinished -> {
                beingWritten = true;
                count(ownerOf(unfinished.path()));
            }
            case RequestFile.Malformed bad -> {
                refuse(bad.path(), bad.content(), bad.owner(), bad.reason());
                count(bad.owner());
            }
            case RequestFile.Gone _ -> {
                // somebody else served it between our two looks
            }
            case RequestFile.Unreadable bad -> throw bad.cause();
        }
    }

    /** Whatever lies in the spool counts for its owner, until the next look. */
    private void count(int owner) {
        countOf.merge(owner, 1, Integer::sum);
    }

    private void take(RequestFile.Complete file, int priority) throws IOException {
        Optional<String> forbidden = askers.forbids(file.owner());
        if (forbidden.isPresent()) {
            refuse(file.path(), file.handle().toJson(), file.owner(), forbidden.get());
            return;
        }
        int owner = OwnedRequest.owner(layout, file.path()).orElse(file.owner());
        Asked asked = new Asked(file.handle(), owner, priority);
        known.put(file.path(), asked);
        count(asked);
        request(file.handle(), priority).askedBy(file.path(), priority, time.instant());
    }

    /** What came of requests for what nobody waits for. */
    sealed interface Prefetched {
        /**
         * They were looked at.
         *
         * @param requested those that are new; what is in neither set somebody had requested
         * @param refused   those beyond the user's share
         */
        record Taken(Set<Handle> requested, Set<Handle> refused) implements Prefetched {
            public Taken {
                requested = Set.copyOf(requested);
                refused = Set.copyOf(refused);
            }
        }

        /** This user's requests are not served. */
        record Forbidden(String reason) implements Prefetched {}
    }

    /** Writes requests of one user for what nobody waits for. */
    Prefetched prefetch(List<Handle> handles, int owner) throws IOException {
        Optional<String> forbidden = askers.forbids(owner);
        if (forbidden.isPresent()) {
            return new Prefetched.Forbidden(forbidden.get());
        }
        Set<Handle> requested = new HashSet<>();
        Set<Handle> tooMany = new HashSet<>();
        long his = known.values().stream()
                .filter(asked -> asked.owner() == owner && asked.priority() == SpoolFolder.PREFETCH).count();
        for (Handle handle : handles) {
            if (requests.containsKey(handle)) {
                continue;
            }
            if (limits.isTooMany(owner, (int) his)) {
                tooMany.add(handle);
                continue;
            }
            Path file = OwnedRequest.write(layout, layout.prefetch(), handle, owner);
            known.put(file, new Asked(handle, owner, SpoolFolder.PREFETCH));
            request(handle, SpoolFolder.PREFETCH).askedBy(file, SpoolFolder.PREFETCH, time.instant());
            requested.add(handle);
            his++;
        }
        return new Prefetched.Taken(requested, tooMany);
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

    /** Requests that are due and not being served, the most urgent and oldest first, but of each user one after another. */
    List<Request> due(Instant now) {
        record Turn(Request request, int rank) {}
        Map<Integer, Integer> ranks = new HashMap<>();
        requests.values().stream().filter(Request::isRunning)
                .forEach(each -> ranks.merge(askerOf(each), 1, Integer::sum));
        return requests.values().stream().filter(request -> !request.isRunning() && !request.due().isAfter(now))
                .sorted(Comparator.comparingInt(Request::priority).thenComparing(Request::since))
                .map(request -> new Turn(request, ranks.merge(askerOf(request), 1, Integer::sum))).toList().stream()
                .sorted(Comparator.comparingInt((Turn turn) -> turn.request().priority()).thenComparingInt(Turn::rank))
                .map(Turn::request).toList();
    }

    /** Whether a request is due, and not being served, that somebody waits for. */
    boolean isAnyAskedDue(Instant now) {
        return requests.values().stream()
                .anyMatch(each -> !each.isPrefetch() && !each.isRunning() && !each.due().isAfter(now));
    }

    /** The user who asked first; -1 where his file has gone. */
    private int askerOf(Request request) {
        return request.files().stream().map(known::get).filter(Objects::nonNull).map(Asked::owner).findFirst()
                .orElse(-1);
    }

    /** All that is asked for, being served or not. */
    List<Request> all() {
        return List.copyOf(requests.values());
    }

    /** Whether there is nothing to serve, now or later, and no name either that a watcher would take for a request. */
    boolean isEmpty() {
        return requests.isEmpty() && toDelete.isEmpty() && stuck.isEmpty() && !beingWritten;
    }

    /**
     * When the next request that waits is due.
     *
     * @param asked    whether those that somebody waits for are meant
     * @param prefetch whether those that nobody waits for are meant
     */
    Optional<Instant> nextDue(boolean asked, boolean prefetch) {
        return requests.values().stream()
                .filter(request -> !request.isRunning() && (request.isPrefetch() ? prefetch : asked)).map(Request::due)
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

    /** Whether this user is among those who ask for a variant. */
    boolean isAskedBy(Request request, int owner) {
        return request.files().stream().anyMatch(file -> isOf(file, owner));
    }

    /** Whether it is one of a user's who waits for it. */
    private boolean isAsked(Path file, int owner) {
        return isOf(file, owner) && known.get(file).priority() == SpoolFolder.ASKED;
    }

    private boolean isOf(Path file, int owner) {
        Asked asked = known.get(file);
        return asked != null && asked.owner() == owner;
    }

    /** Withdraws what one user asks for; what others ask for as well stays. Returns whether there was anything. */
    boolean withdraw(Request request, int owner) throws IOException {
        List<Path> his = request.files().stream().filter(file -> isOf(file, owner)).toList();
        if (!his.isEmpty() && his.size() == request.files().size()) {
            end(request);
            return true;
        }
        for (Path file : his) {
            request.files().remove(file);
            delete(file);
        }
        return !his.isEmpty();
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
            Asked asked = known.remove(file);
            refuse(file, request.handle().toJson(), asked == null ? ownerOf(file) : asked.owner(), reason);
        }
        requests.remove(request.handle());
        deferred.remove(request.handle());
    }

    private static int ownerOf(Path file) {
        try {
            return (int) Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
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
