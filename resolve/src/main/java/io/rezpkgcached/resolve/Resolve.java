package io.rezpkgcached.resolve;

import io.rezpkgcached.cache.handle.Handle;
import java.util.List;

/**
 * A solved environment.
 *
 * @param variants in the order in which rez resolved them
 * @param ephemerals as requests
 */
public record Resolve(List<Handle> variants, List<String> ephemerals) {
    public Resolve {
        variants = List.copyOf(variants);
        ephemerals = List.copyOf(ephemerals);
    }
}
