package io.rezpkgcached.settings;

import java.util.List;

/**
 * rez's cache of resolves.
 *
 * @param memcachedUri the servers, {@code host:port} each; empty: there is none
 * @param caching whether resolves are cached where there are servers
 * @param debugKeys whether keys are stored readable (rez's {@code debug_memcache})
 * @param implicitPackages requests that rez adds to every context, expanded
 */
public record ResolveCacheSettings(List<String> memcachedUri, boolean caching, boolean debugKeys,
        List<String> implicitPackages) {

    public ResolveCacheSettings {
        memcachedUri = List.copyOf(memcachedUri);
        implicitPackages = List.copyOf(implicitPackages);
    }
}
