package io.rezpkgcached.settings;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Whether all users of the machine share the cache.
 *
 * @param shared the daemon then owns the cache, and does for others only what every one of them may have
 * @param adminGroup whose members may have the daemon add, remove and clean; empty: root and the daemon's own user alone
 * @param maxLogBytes of one log file, to which everyone may write; empty: no limit
 */
public record SharingSettings(boolean shared, Optional<String> adminGroup, OptionalLong maxLogBytes) {

    public SharingSettings {
        Objects.requireNonNull(adminGroup, "adminGroup");
        Objects.requireNonNull(maxLogBytes, "maxLogBytes");
    }
}
