package io.rezpkgcached.settings;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What rez takes a package for that does not say itself whether it is cachable or relocatable.
 *
 * @param cachable empty: a package is cachable where it is relocatable
 * @param cachablePerPackage by name
 * @param cachablePerRepository by the text of the repository's real path
 * @param relocatablePerPackage by name
 * @param relocatablePerRepository by the text of the repository's real path
 */
public record CachabilitySettings(Optional<Boolean> cachable, Map<String, Boolean> cachablePerPackage,
        Map<String, Boolean> cachablePerRepository, boolean relocatable, Map<String, Boolean> relocatablePerPackage,
        Map<String, Boolean> relocatablePerRepository) {

    public CachabilitySettings {
        Objects.requireNonNull(cachable, "cachable");
        cachablePerPackage = Map.copyOf(cachablePerPackage);
        cachablePerRepository = Map.copyOf(cachablePerRepository);
        relocatablePerPackage = Map.copyOf(relocatablePerPackage);
        relocatablePerRepository = Map.copyOf(relocatablePerRepository);
    }
}
