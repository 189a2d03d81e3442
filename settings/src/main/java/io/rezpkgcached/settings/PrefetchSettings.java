package io.rezpkgcached.settings;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What the daemon caches before anyone asks for it.
 *
 * @param requests those environments; empty: none
 * @param interval from one look for their resolves to the next
 * @param resolves where to look; there where there are requests, and it was read by {@link SettingsReader#readNamed}
 */
public record PrefetchSettings(List<PrefetchRequest> requests, Duration interval,
        Optional<ResolveCacheSettings> resolves) {

    public PrefetchSettings {
        requests = List.copyOf(requests);
        Objects.requireNonNull(interval, "interval");
        Objects.requireNonNull(resolves, "resolves");
    }
}
