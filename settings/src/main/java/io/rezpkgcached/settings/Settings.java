package io.rezpkgcached.settings;

import java.util.Objects;

/**
 * The settings of one run, read once; those of the resolve cache are read where they are needed.
 *
 * @param remoteCacheAllowed whether the cache may be on a disk that other machines may use, too
 */
public record Settings(CacheSettings cache, CachabilitySettings cachability, PackagesSettings packages,
        SharingSettings sharing, CopySettings copy, RequestSettings requests, EvaluatorSettings evaluator,
        PrefetchSettings prefetch, boolean remoteCacheAllowed, LogLevel logLevel) {

    public Settings {
        Objects.requireNonNull(cache, "cache");
        Objects.requireNonNull(cachability, "cachability");
        Objects.requireNonNull(packages, "packages");
        Objects.requireNonNull(sharing, "sharing");
        Objects.requireNonNull(copy, "copy");
        Objects.requireNonNull(requests, "requests");
        Objects.requireNonNull(evaluator, "evaluator");
        Objects.requireNonNull(prefetch, "prefetch");
        Objects.requireNonNull(logLevel, "logLevel");
    }
}
