package io.rezpkgcached.resolve;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.json.Json;
import io.rezpkgcached.resolve.key.ResolveKey;
import io.rezpkgcached.resolve.key.ResolveRequest;
import io.rezpkgcached.resolve.server.ServerAddress;
import io.rezpkgcached.resolve.server.ServerPool;
import io.rezpkgcached.settings.ResolveCacheSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * rez's cache of resolves: what is in it for a request, and what a solver has found for one put into it.
 *
 * <p>Guarantees rez's rules, entry for entry, and that memcached delays neither call longer than the setting's limit in all, however
 * many keys it asks for. What repositories take to answer is not limited. A value that is not what rez writes is a miss, also one of
 * packages that are in none of the request's repositories. Source: {@code Resolver._get_cached_solve} and {@code _set_cached_solve} of rez 3.4.0.
 */
public final class ResolveCache implements AutoCloseable {
    private final ServerPool servers;
    private final boolean readableKeys;
    private final Consumer<String> trace;

    private ResolveCache(ServerPool servers, boolean readableKeys, Consumer<String> trace) {
        this.servers = servers;
        this.readableKeys = readableKeys;
        this.trace = trace;
    }

    /**
     * Opens it; empty where it is off.
     *
     * @param notices takes a line when a server does not answer, and one when it does again
     * @throws IllegalArgumentException if a server's address cannot be read; the message is for a person
     */
    public static Optional<ResolveCache> open(ResolveCacheSettings settings, Consumer<String> notices) {
        return open(settings, notices, _ -> {});
    }

    /**
     * Opens it in the same way.
     *
     * @param trace takes a line for each key that is asked for or stored, as rez writes with {@code debug_memcache}
     */
    public static Optional<ResolveCache> open(ResolveCacheSettings settings, Consumer<String> notices,
            Consumer<String> trace) {
        if (!settings.isOn()) {
            return Optional.empty();
        }
        List<ServerAddress> addresses = settings.memcachedUri().stream().map(ServerAddress::parse).toList();
        return Optional.of(
                new ResolveCache(new ServerPool(addresses, settings.timeout(), notices), settings.debugKeys(), trace));
    }

    /**
     * Looks for a resolve as rez does before it solves.
     *
     * @param discard whether entries that are no longer true are deleted, as rez deletes them
     */
    public Verdict lookup(ResolveRequest request, boolean discard) throws InterruptedException {
        return new Lookup(request, discard, servers, readableKeys, trace).verdict();
    }

    /** What came of storing a resolve. */
    public sealed interface Stored {

        /** It is in the cache under this key. */
        record Under(String key) implements Stored {}

        /** It is not, and rez would not have stored it either, or no server took it. */
        record Not(String reason) implements Stored {}
    }

    /**
     * Stores what a solver has found, as rez does after it has solved.
     *
     * @param graph of the resolve, see {@link ResolveGraph}
     * @param solveTime seconds
     * @param loadTime seconds
     * @param since when it was solved, in seconds, where that was not just now: it is stored only if nothing that it depends on is later
     */
    public Stored store(ResolveRequest request, Resolve resolve, ResolveGraph graph, double solveTime, double loadTime,
            OptionalDouble since) throws InterruptedException {
        Changes now = new Changes(request);
        Map<String, Double> releases = new LinkedHashMap<>();
        Map<String, Optional<Double>> states = new LinkedHashMap<>();
        boolean after = false;
        for (Handle variant : resolve.variants()) {
            if (!now.locations().contains(variant.location())) {
                return new Stored.Not(
                        variant.qualifiedName() + " is in none of the repositories: " + variant.location());
            }
            double release = now.lastRelease(variant.name());
            if (release == 0) {
                return new Stored.Not("it cannot be told when " + variant.name() + " was last released");
            }
            Optional<Double> state = now.state(variant);
            if (since.isPresent() && !(Math.max(release, state.orElse(Double.MAX_VALUE)) <= since.getAsDouble())) {
                return new Stored.Not(variant.qualifiedName() + " has been changed or released since: at "
                        + state.map(time -> Json.write(Math.max(release, time))).orElse("a time that is not known")
                        + ", and it was solved at " + Json.write(since.getAsDouble()));
            }
            after |= request.timestamp().isPresent() && request.timestamp().getAsLong() < release;
            releases.put(variant.name(), release);
            states.put(variant.name(), state);
        }
        ResolveKey key = after ? request.timestampedKey() : request.plainKey();
        byte[] value = new ResolveEntry(resolve, releases, states).write(key.qualified(), graph.pickled(), solveTime,
                loadTime);
        String hashed = key.hashed(readableKeys);
        Optional<String> refused = servers.set(hashed, value, ValueReader.PICKLED, servers.patience());
        trace.accept("SET: " + key.qualified());
        return refused.<Stored>map(Stored.Not::new).orElseGet(() -> new Stored.Under(hashed));
    }

    @Override
    public void close() {
        servers.close();
    }
}
