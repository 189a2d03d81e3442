package io.rezpkgcached.settings;

import java.util.List;
import java.util.Objects;

/**
 * Settings, and each by its name, to say which changed.
 *
 * @param effective in the order of the documentation
 */
public record NamedSettings(Settings settings, List<Effective> effective) {
    public NamedSettings {
        Objects.requireNonNull(settings, "settings");
        effective = List.copyOf(effective);
    }
}
