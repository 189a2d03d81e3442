package io.rezpkgcached.settings;

import java.util.List;
import java.util.Objects;

/**
 * All settings of one run, read once.
 *
 * @param effective every setting as text with its origin, in the order of the documentation
 */
public record Settings(CacheSettings cache, CachabilitySettings cachability, PackagesSettings packages,
        ResolveCacheSettings resolveCache, CopySettings copy, RequestSettings requests, EvaluatorSettings evaluator,
        LogLevel logLevel, List<Effective> effective) {

    public Settings {
        Objects.requireNonNull(cache, "cache");
        Objects.requireNonNull(cachability, "cachability");
        Objects.requireNonNull(packages, "packages");
        Objects.requireNonNull(resolveCache, "resolveCache");
        Objects.requireNonNull(copy, "copy");
        Objects.requireNonNull(requests, "requests");
        Objects.requireNonNull(evaluator, "evaluator");
        Objects.requireNonNull(logLevel, "logLevel");
        effective = List.copyOf(effective);
    }
}
