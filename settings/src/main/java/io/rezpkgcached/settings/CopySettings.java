package io.rezpkgcached.settings;

import java.util.Objects;
import java.util.OptionalLong;

/**
 * How payloads are copied.
 *
 * @param workers variants at once, 1 to 64
 * @param threads files at once for each variant, 1 to 64
 * @param bytesPerSecond all copies together; empty: no limit
 */
public record CopySettings(int workers, int threads, OptionalLong bytesPerSecond) {

    public CopySettings {
        Objects.requireNonNull(bytesPerSecond, "bytesPerSecond");
        if (workers < 1 || threads < 1) {
            throw new IllegalArgumentException("workers " + workers + ", threads " + threads);
        }
    }
}
