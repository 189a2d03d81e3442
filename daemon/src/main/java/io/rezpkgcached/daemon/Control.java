package io.rezpkgcached.daemon;

import io.rezpkgcached.cache.aside.AsideRequests;
import io.rezpkgcached.cache.clean.Cleaner;
import io.rezpkgcached.cache.copy.CopyMonitor;
import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.CacheWalk;
import io.rezpkgcached.cache.layout.VariantLookup;
import io.rezpkgcached.cache.lock.CacheLock;
import io.rezpkgcached.cache.lock.LockTimeoutException;
import io.rezpkgcached.cache.posix.Accounts;
import io.rezpkgcached.cache.removal.VariantRemover;
import io.rezpkgcached.cache.spool.RefusedRequest;
import io.rezpkgcached.cache.spool.RefusedRequests;
import io.rezpkgcached.cache.spool.RequestNote;
import io.rezpkgcached.cache.spool.RequestNotes;
import io.rezpkgcached.control.ControlRequest;
import io.rezpkgcached.control.ControlServer;
import io.rezpkgcached.control.Peer;
import io.rezpkgcached.control.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;

/** Answers what clients ask, on their threads; what touches requests is done by the loop. */
final class Control implements ControlServer.Handler {
    private static final Duration CLEAN_AGAIN = Duration.ofMillis(100);

    private final CacheLayout layout;
    private final CacheLock lock;
    private final Loop loop;
    private final Supplier<Optional<Duration>> unusedFor;
    private final Instant since;
    private final InstantSource time;
    private final Audience audience;
    private final RezLog log;
    private final Rights rights;
    private final SpoolState.Asker askers;

    /**
     * @param unusedFor see {@link Cleaner#clean}
     * @param askers    whose requests are served at all
     */
    Control(CacheLayout layout, CacheLock lock, Loop loop, Supplier<Optional<Duration>> unusedFor, Instant since,
            InstantSource time, Audience audience, RezLog log, Rights rights, SpoolState.Asker askers) {
        this.rights = rights;
        this.askers = askers;
        this.layout = layout;
        this.lock = lock;
        this.loop = loop;
        this.unusedFor = unusedFor;
        this.since = since;
        this.time = time;
        this.audience = audience;
        this.log = log;
    }

    @Override
    public Reply answer(ControlRequest asked, Peer peer, ControlServer.Lines lines)
            throws IOException, InterruptedException {
        try {
            return switch (asked) {
                case ControlRequest.Status _ -> status(peer);
                case ControlRequest.Requests _ -> requests(onlyOf(peer), lines);
                case ControlRequest.Watch _ ->
                    throw new IllegalStateException("the server answers it");
                case ControlRequest.Clean _ -> clean(lines);
                case ControlRequest.Remove remove -> remove(remove.handle());
                case ControlRequest.Retry retry -> retry(retry.handle(), onlyOf(peer));
                case ControlRequest.Discard discard -> discard(discard.handle(), onlyOf(peer));
                case ControlRequest.Prefetch prefetch -> prefetch(prefetch.handles(), peer, lines);
            };
        } catch (LockTimeoutException e) {
            return new Reply.Refusal("busy", e.getMessage());
        } catch (Loop.BusyException e) {
            return new Reply.Refusal("busy", e.getMessage());
        }
    }

    /** Empty if he may see and change all requests, else the one user whose he may: himself. */
    private OptionalInt onlyOf(Peer peer) {
        return rights.mayChange(peer) ? OptionalInt.empty() : Accounts.userId(peer.user().getName());
    }

    private Reply status(Peer peer) throws IOException, InterruptedException {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("pid", ProcessHandle.current().pid());
        fields.put("version", Version.text());
        fields.put("since", since.toString());
        fields.put("cache", layout.root().toString());
        fields.put("free_bytes", Files.getFileStore(layout.root()).getUsableSpace());
        fields.put("failed", (long) CacheWalk.children(layout.failed()).size());
        fields.put("may_change", rights.mayChange(peer));
        fields.putAll(loop.call(loop::status));
        return new Reply.Status(fields);
    }

    /** What is known of a copy under way. */
    static Map<String, Object> copy(Job job) {
        CopyMonitor monitor = job.monitor();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("handle", job.handle().toTree());
        fields.put("bytes", monitor.bytesDone());
        fields.put("total_bytes", monitor.totalBytes());
        fields.put("files", monitor.filesDone());
        fields.put("total_files", monitor.totalFiles());
        fields.put("prefetch", job.request().isPrefetch());
        fields.put("held", monitor.isHeld());
        return fields;
    }

    private Reply clean(ControlServer.Lines lines) throws IOException, InterruptedException {
        while (!loop.call(loop::claimCleaning)) {
            Thread.sleep(CLEAN_AGAIN);
        }
        try {
            new Cleaner(layout, lock, time, event -> {
                log.clean(event);
                audience.cleaned(event);
                try {
                    lines.send(new Reply.Cleaned(event.isWarning(), event.message()));
                } catch (IOException _) {
                    // whoever asked has gone; what he asked for is done all the same
                }
            }).clean(unusedFor.get(), Optional.empty());
            return new Reply.Done("");
        } finally {
            loop.post(new Event.Cleaned(true));
        }
    }

    private Reply remove(Handle handle) throws IOException, InterruptedException {
        VariantRemover.Outcome outcome = new VariantRemover(layout, lock, time).remove(handle);
        return new Reply.Done(outcome.name().toLowerCase(Locale.ROOT).replace('_', ' '));
    }

    /** What nobody but the daemon can read: without a name of a user refused requests of all are told, else his. */
    private Reply requests(OptionalInt only, ControlServer.Lines lines) throws IOException {
        for (RequestNote note : new RequestNotes(layout.deferred()).all()) {
            lines.send(told("deferred", note));
        }
        for (RequestNote note : new RequestNotes(layout.failed()).all()) {
            lines.send(told("failed", note));
        }
        for (RefusedRequest request : new RefusedRequests(layout, time).all()) {
            if (only.isEmpty() || request.owner() == only.getAsInt()) {
                Map<String, Object> fields = new LinkedHashMap<>();
                fields.put("state", "refused");
                request.handle().ifPresent(handle -> fields.put("handle", handle.toTree()));
                fields.put("file", request.file());
                fields.put("reason", request.reason());
                fields.put("time", request.time().toString());
                fields.put("owner", request.owner());
                lines.send(new Reply.Request(fields));
            }
        }
        return new Reply.Done("");
    }

    private static Reply told(String state, RequestNote note) {
        return new Reply.Request(
                Map.of("state", state, "handle", note.handle().toTree(), "reason", note.reason(), "tries",
                        (long) note.tries(), "time", note.time().toString()));
    }

    private Reply retry(Optional<Handle> handle, OptionalInt only) throws IOException, InterruptedException {
        Set<Handle> again = aside().retry(handle, owner -> isFor(owner, only) && askers.forbids(owner).isEmpty());
        again.addAll(loop.call(() -> loop.makeDue(handle, only)));
        return new Reply.Done(Integer.toString(again.size()));
    }

    private Reply discard(Optional<Handle> handle, OptionalInt only) throws IOException, InterruptedException {
        Set<Object> discarded = aside().discard(handle, owner -> isFor(owner, only));
        discarded.addAll(loop.call(() -> loop.discard(handle, only)));
        return new Reply.Done(Integer.toString(discarded.size()));
    }

    private Reply prefetch(List<Handle> handles, Peer peer, ControlServer.Lines lines)
            throws IOException, InterruptedException {
        OptionalInt user = Accounts.userId(peer.user().getName());
        if (user.isEmpty()) {
            return new Reply.Refusal("forbidden", "user " + peer.user().getName() + " has no number here");
        }
        VariantLookup lookup = new VariantLookup(layout, time);
        Map<Handle, String> states = new LinkedHashMap<>();
        List<Handle> missing = new ArrayList<>();
        for (Handle handle : handles) {
            if (lookup.find(handle).isPresent()) {
                states.put(handle, "in the cache");
            } else {
                missing.add(handle);
            }
        }
        switch (loop.call(() -> loop.prefetch(missing, user.getAsInt()))) {
            case SpoolState.Prefetched.Forbidden forbidden -> {
                return new Reply.Refusal("forbidden", forbidden.reason());
            }
            case SpoolState.Prefetched.Taken taken ->
                missing.forEach(handle -> states.put(handle, taken.requested().contains(handle)
                        ? "prefetch"
                        : taken.refused().contains(handle) ? "refused" : "already requested"));
        }
        for (Map.Entry<Handle, String> state : states.entrySet()) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("state", state.getValue());
            fields.put("handle", state.getKey().toTree());
            fields.put("reason", state.getValue().equals("refused") ? SpoolSharing.TOO_MANY : "");
            lines.send(new Reply.Request(fields));
        }
        return new Reply.Done(
                Long.toString(states.values().stream().filter(state -> state.equals("prefetch")).count()));
    }

    private static boolean isFor(int owner, OptionalInt only) {
        return only.isEmpty() || owner == only.getAsInt();
    }

    private AsideRequests aside() {
        return new AsideRequests(layout, lock, time);
    }
}
