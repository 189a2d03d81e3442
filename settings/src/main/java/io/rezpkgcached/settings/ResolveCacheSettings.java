package io.rezpkgcached.settings;

import java.time.Duration;
import java.util.List;

/**
 * rez's cache of resolves.
 *
 * @param memcachedUri the servers, {@code host:port} each; empty: there is none
 * @param caching whether resolves are cached where there are servers
 * @param debugKeys whether keys are stored readable (rez's {@code debug_memcache})
 * @param implicitPackages requests that rez adds to every context, expanded
 * @param packageFilter dictionaries as they were written, each a filter
 * @param packageOrderers dictionaries as they were written, each an orderer
 * @param pruneFailedGraph a part of the key of every resolve
 * @param timeout ours: the longest that memcached may delay one lookup or store
 */
public record ResolveCacheSettings(List<String> memcachedUri, boolean caching, boolean debugKeys,
        List<String> implicitPackages, List<?> packageFilter, List<?> packageOrderers, boolean pruneFailedGraph,
        Duration timeout) {

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    public ResolveCacheSettings {
        memcachedUri = List.copyOf(memcachedUri);
        implicitPackages = List.copyOf(implicitPackages);
        packageFilter = List.copyOf(packageFilter);
        packageOrderers = List.copyOf(packageOrderers);
    }

    /** The same for who is in no hurry: memcached is waited for as long as rez's own client waits for it, or longer. */
    public ResolveCacheSettings patient() {
        return timeout.compareTo(PATIENCE) >= 0
                ? this
                : new ResolveCacheSettings(memcachedUri, caching, debugKeys, implicitPackages, packageFilter,
                        packageOrderers, pruneFailedGraph, PATIENCE);
    }

    /** Whether rez would look for a resolve at all. */
    public boolean isOn() {
        return caching && !memcachedUri.isEmpty();
    }

    /** Of one that is off: by which setting, in words. */
    public String whyOff() {
        return caching ? "memcached_uri names no server" : "resolve_caching is false";
    }
}
