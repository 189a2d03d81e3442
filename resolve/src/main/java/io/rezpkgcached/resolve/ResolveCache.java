package io.rezpkgcached.resolve;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.json.Json;
import io.rezpkgcached.resolve.key.ResolveKey;
import io.rezpkgcached.resolve.key.ResolveRequest;
import io.rezpkgcached.resolve.server.Answer;
import io.rezpkgcached.resolve.server.ServerAddress;
import io.rezpkgcached.resolve.server.ServerPool;
import io.rezpkgcached.settings.ResolveCacheSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * rez's cache of resolves: what is in it for a request, and what a solver has found for one put into it.
 *
 * <p>Guarantees rez's rules, entry for entry, and that memcached delays neither call longer than the setting's limit for each key
 * (two of them where there is a timestamp, one more to discard). What repositories take to answer is not limited. A value that is
 * not what rez writes is a miss. Source: {@code Resolver._get_cached_solve} and {@code _set_cached_solve} of rez 3.4.0.
 */
public final class ResolveCache implements AutoCloseable {
    private final ServerPool servers;
    private final boolean readableKeys;

    private ResolveCache(ServerPool servers, boolean readableKeys) {
        this.servers = servers;
        this.readableKeys = readableKeys;
    }

    /**
     * Opens it; empty where it is off.
     *
     * @param notices takes a line when a server does not answer, and one when it does again
     * @throws IllegalArgumentException if a server's address cannot be read; the message is for a person
     */
    public static Optional<ResolveCache> open(ResolveCacheSettings settings, Consumer<String> notices) {
        if (!settings.isOn()) {
            return Optional.empty();
        }
        List<ServerAddress> addresses = settings.memcachedUri().stream().map(ServerAddress::parse).toList();
        return Optional.of(
                new ResolveCache(new ServerPool(addresses, settings.timeout(), notices), settings.debugKeys()));
    }

    /** What one key holds. */
    private sealed interface Found {

        record Entry(ResolveEntry entry) implements Found {}

        record Nothing(String reason, boolean answered) implements Found {}
    }

    /**
     * Looks for a resolve as rez does before it solves.
     *
     * @param discard whether entries that are no longer true are deleted, as rez deletes them
     */
    public Verdict lookup(ResolveRequest request, boolean discard) throws InterruptedException {
        Changes changes = new Changes(request);
        ResolveKey plain = request.plainKey();
        Verdict first = plain(request, changes, plain, discard);
        if (request.timestamp().isEmpty() || first instanceof Verdict.Hit) {
            return first;
        }
        ResolveKey own = request.timestampedKey();
        Verdict second = switch (find(own)) {
            case Found.Nothing nothing -> new Verdict.Miss(hashed(own), first.reason() + "; with the timestamp: "
                    + nothing.reason(), nothing.answered());
            case Found.Entry found -> {
                Optional<String> changed = changes.variant(found.entry());
                yield changed.isPresent()
                        ? stale(own, changed.get(), discard)
                        : new Verdict.Hit(hashed(own), "stored for this timestamp, and no variant has changed",
                                found.entry().resolve());
            }
        };
        // The plain entry is why there is nothing, where that has just been found to be stale.
        return second instanceof Verdict.Miss && first instanceof Verdict.Stale ? first : second;
    }

    private Verdict plain(ResolveRequest request, Changes changes, ResolveKey key, boolean discard)
            throws InterruptedException {
        return switch (find(key)) {
            case Found.Nothing nothing -> new Verdict.Miss(hashed(key), nothing.reason(), nothing.answered());
            case Found.Entry found -> {
                Optional<String> changed = changes.variant(found.entry()).or(() -> changes.release(found.entry()));
                if (changed.isPresent()) {
                    yield stale(key, changed.get(), discard);
                }
                Optional<String> later = request.timestamp().isPresent()
                        ? changes.afterTimestamp(found.entry())
                        : Optional.empty();
                yield later.isPresent()
                        ? new Verdict.Miss(hashed(key), later.get())
                        : new Verdict.Hit(hashed(key), "no variant has changed, and no package was released since",
                                found.entry().resolve());
            }
        };
    }

    private Verdict stale(ResolveKey key, String reason, boolean discard) throws InterruptedException {
        boolean discarded = discard && servers.delete(hashed(key)).isEmpty();
        return new Verdict.Stale(hashed(key), reason, discarded);
    }

    private Found find(ResolveKey key) throws InterruptedException {
        return switch (servers.get(hashed(key))) {
            case Answer.Silence silence -> new Found.Nothing(silence.reason(), false);
            case Answer.Absent _ -> new Found.Nothing("there is no entry", true);
            case Answer.Value value -> {
                try {
                    yield new Found.Entry(ResolveEntry.read(value.bytes(), value.flags(), key.qualified()));
                } catch (UnusableException e) {
                    yield new Found.Nothing("there is an entry that is not used: " + e.getMessage(), true);
                }
            }
        };
    }

    /** What came of storing a resolve. */
    public sealed interface Stored {

        /** It is in the cache under this key. */
        record Under(String key) implements Stored {}

        /** It is not, and rez would not have stored it either, or no server took it. */
        record Not(String reason) implements Stored {}
    }

    /**
     * Stores what a solver has just found, as rez does after it has solved.
     *
     * @param graph of the resolve, see {@link ResolveGraph}
     * @param solveTime seconds
     * @param loadTime  seconds
     */
    public Stored store(ResolveRequest request, Resolve resolve, ResolveGraph graph, double solveTime, double loadTime)
            throws InterruptedException {
        Changes now = new Changes(request);
        Map<String, Double> releases = new LinkedHashMap<>();
        Map<String, Optional<Double>> states = new LinkedHashMap<>();
        boolean after = false;
        for (Handle variant : resolve.variants()) {
            double release = now.lastRelease(variant.name());
            if (release == 0) {
                return new Stored.Not("it cannot be told when " + variant.name() + " was last released");
            }
            after |= request.timestamp().isPresent() && request.timestamp().getAsLong() < release;
            releases.put(variant.name(), release);
            states.put(variant.name(), now.state(variant));
        }
        ResolveKey key = after ? request.timestampedKey() : request.plainKey();
        byte[] value = new ResolveEntry(resolve, releases, states).write(key.qualified(), graph.pickled(), solveTime,
                loadTime);
        return servers.set(hashed(key), value, ValueReader.PICKLED).<Stored>map(Stored.Not::new)
                .orElseGet(() -> new Stored.Under(hashed(key)));
    }

    /** The latest that anything a resolve depends on was changed, in seconds, with its name; for one that was solved earlier. */
    public static Optional<String> changedSince(ResolveRequest request, Resolve resolve, double solved) {
        Changes now = new Changes(request);
        for (Handle variant : resolve.variants()) {
            double state = now.state(variant).orElse(0.0);
            double release = now.lastRelease(variant.name());
            if (state == 0 || state > solved || release > solved) {
                return Optional.of(variant.qualifiedName() + " has been changed or released since: at "
                        + Json.write(Math.max(state, release)) + ", and it was solved at " + Json.write(solved));
            }
        }
        return Optional.empty();
    }

    private String hashed(ResolveKey key) {
        return key.hashed(readableKeys);
    }

    @Override
    public void close() {
        servers.close();
    }
}
