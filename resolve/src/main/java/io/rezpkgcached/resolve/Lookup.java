package io.rezpkgcached.resolve;

import io.rezpkgcached.resolve.key.ResolveKey;
import io.rezpkgcached.resolve.key.ResolveRequest;
import io.rezpkgcached.resolve.server.Answer;
import io.rezpkgcached.resolve.server.Patience;
import io.rezpkgcached.resolve.server.ServerPool;
import java.util.Optional;
import java.util.function.Consumer;

/** One lookup, with what it has seen so far of servers and repositories. Source: {@code Resolver._get_cached_solve} of rez 3.4.0. */
final class Lookup {
    private final ResolveRequest request;
    private final boolean discard;
    private final ServerPool servers;
    private final Patience patience;
    private final boolean readableKeys;
    private final Consumer<String> trace;
    private final Changes changes;

    Lookup(ResolveRequest request, boolean discard, ServerPool servers, boolean readableKeys, Consumer<String> trace) {
        this.request = request;
        this.discard = discard;
        this.servers = servers;
        this.patience = servers.patience();
        this.readableKeys = readableKeys;
        this.trace = trace;
        this.changes = new Changes(request);
    }

    /** What one key holds: an entry, or why there is none. No switch over kinds: its code is made at run time, in milliseconds. */
    private record Found(Optional<ResolveEntry> entry, String reason, boolean answered) {}

    Verdict verdict() throws InterruptedException {
        Verdict first = plain();
        if (request.timestamp().isEmpty() || first instanceof Verdict.Hit) {
            return first;
        }
        Verdict second = timestamped(first.reason());
        // The plain entry is why there is nothing, where that has just been found to be stale.
        return second instanceof Verdict.Miss && first instanceof Verdict.Stale ? first : second;
    }

    private Verdict plain() throws InterruptedException {
        ResolveKey key = request.plainKey();
        String hashed = key.hashed(readableKeys);
        Found found = find(key, hashed);
        if (found.entry().isEmpty()) {
            return new Verdict.Miss(hashed, found.reason(), found.answered());
        }
        ResolveEntry entry = found.entry().get();
        Optional<String> changed = changes.variant(entry).or(() -> changes.release(entry));
        if (changed.isPresent()) {
            return stale(hashed, changed.get());
        }
        Optional<String> later = request.timestamp().isPresent() ? changes.afterTimestamp(entry) : Optional.empty();
        return later.isPresent()
                ? new Verdict.Miss(hashed, later.get())
                : new Verdict.Hit(hashed, "no variant has changed, and no package was released since", entry.resolve());
    }

    private Verdict timestamped(String whyNotPlain) throws InterruptedException {
        ResolveKey key = request.timestampedKey();
        String hashed = key.hashed(readableKeys);
        Found found = find(key, hashed);
        if (found.entry().isEmpty()) {
            return new Verdict.Miss(hashed, whyNotPlain + "; with the timestamp: " + found.reason(),
                    found.answered());
        }
        ResolveEntry entry = found.entry().get();
        Optional<String> changed = changes.variant(entry);
        return changed.isPresent()
                ? stale(hashed, changed.get())
                : new Verdict.Hit(hashed, "stored for this timestamp, and no variant has changed", entry.resolve());
    }

    private Verdict stale(String hashed, String reason) throws InterruptedException {
        boolean discarded = discard && servers.delete(hashed, patience).isEmpty();
        return new Verdict.Stale(hashed, reason, discarded);
    }

    private Found find(ResolveKey key, String hashed) throws InterruptedException {
        Found found = read(key, servers.get(hashed, patience));
        trace.accept((found.entry().isPresent() ? "HIT: " : "MISS: ") + key.qualified());
        return found;
    }

    private Found read(ResolveKey key, Answer answer) {
        if (answer instanceof Answer.Silence silence) {
            return nothing(silence.reason(), false);
        }
        if (answer instanceof Answer.TooLarge large) {
            return unused(
                    "it has " + large.bytes() + " bytes, and rez stores no more than " + ServerPool.LARGEST_VALUE);
        }
        if (!(answer instanceof Answer.Value value)) {
            return nothing("there is no entry", true);
        }
        try {
            return new Found(Optional.of(
                    ResolveEntry.read(value.bytes(), value.flags(), key.qualified(), changes.locations())), "", true);
        } catch (UnusableException e) {
            return unused(e.getMessage());
        }
    }

    private static Found unused(String why) {
        return nothing("there is an entry that is not used: " + why, true);
    }

    private static Found nothing(String why, boolean answered) {
        return new Found(Optional.empty(), why, answered);
    }
}
