package io.rezpkgcached.settings;

import java.util.Objects;
import java.util.Optional;

/**
 * Whether all users of the machine share the cache.
 *
 * @param shared the daemon then owns the cache, and does for others only what every one of them may have
 * @param adminGroup whose members may have the daemon add, remove and clean; empty: root and the daemon's own user alone
 */
public record SharingSettings(boolean shared, Optional<String> adminGroup) {

    public SharingSettings {
        Objects.requireNonNull(adminGroup, "adminGroup");
    }
}
