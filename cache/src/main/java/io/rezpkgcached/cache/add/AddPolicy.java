package io.rezpkgcached.cache.add;

import io.rezpkgcached.cache.definition.Cachability;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The settings that decide what is cached, with the names and meanings of rez's.
 *
 * @param local           {@code package_cache_local}: also variants of the local repository
 * @param localRepository {@code local_packages_path}
 * @param sameDevice      {@code package_cache_same_device}: also variants on the device of the cache
 * @param tmpdir          {@code tmpdir}: text, no variants of repositories below it
 * @param spaceBuffer     {@code package_cache_space_buffer}: bytes to leave free
 * @param usedThreshold   {@code package_cache_used_threshold}: per cent of the disk above which each variant is measured
 * @param repositories    ours: locations that payloads may be read from; empty: any
 */
public record AddPolicy(Cachability cachability, boolean local, Optional<Path> localRepository, boolean sameDevice,
        String tmpdir, long spaceBuffer, long usedThreshold, List<Path> repositories) {
    public AddPolicy {
        Objects.requireNonNull(cachability, "cachability");
        repositories = List.copyOf(repositories);
    }
}
