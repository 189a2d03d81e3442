package io.rezpkgcached.daemon;

import io.rezpkgcached.settings.Effective;
import io.rezpkgcached.settings.InstalledFile;
import io.rezpkgcached.settings.NamedSettings;
import io.rezpkgcached.settings.Settings;
import io.rezpkgcached.settings.SettingsException;
import io.rezpkgcached.settings.SettingsReader;
import io.rezpkgcached.settings.SharingSettings;
import io.rezpkgcached.settings.Surroundings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The settings in effect while the daemon runs. They may be read again; bad ones are refused, and the old ones go on. */
final class Configuration {
    /** Where everything lies, and for whom it was made so, is fixed when the cache is opened. */
    private static final Set<String> FIXED = Set.of("cache_packages_path", "shared_cache", "admin_group",
            "allow_remote_cache");

    private final Optional<Path> file;
    private NamedSettings current;

    private Configuration(Optional<Path> file, NamedSettings current) {
        this.file = file;
        this.current = current;
    }

    /** @param file our configuration file; empty: the installed one */
    static Configuration read(Optional<Path> file) throws SettingsException {
        return new Configuration(file, readNow(file));
    }

    private static NamedSettings readNow(Optional<Path> file) throws SettingsException {
        return SettingsReader.readNamed(Surroundings.ofProcess(), InstalledFile.or(file));
    }

    Settings settings() {
        return current.settings();
    }

    /**
     * What reading again brought.
     *
     * @param changed {@code name = value (was value)} of each setting that is now in effect
     * @param fixed   the same of each that takes effect with the next start
     */
    record Change(List<String> changed, List<String> fixed) {
        Change {
            changed = List.copyOf(changed);
            fixed = List.copyOf(fixed);
        }
    }

    /** @throws SettingsException with every problem; nothing has changed then */
    Change readAgain() throws SettingsException {
        NamedSettings found = readNow(file);
        try {
            Rights.check(found.settings().sharing());
        } catch (IOException e) {
            throw new SettingsException(List.of(e.getMessage()));
        }
        Map<String, String> before = new LinkedHashMap<>();
        current.effective().forEach(setting -> before.put(setting.name(), setting.value()));
        List<String> changed = new ArrayList<>();
        List<String> fixed = new ArrayList<>();
        for (Effective setting : found.effective()) {
            String old = before.get(setting.name());
            if (!setting.value().equals(old)) {
                (FIXED.contains(setting.name()) ? fixed : changed)
                        .add(setting.name() + " = " + setting.value() + " (was " + old + ")");
            }
        }
        current = new NamedSettings(withFixedOf(current.settings(), found.settings()), found.effective());
        return new Change(changed, fixed);
    }

    /** A cache that is shared stays so to the end: what guards it must not go because a line of a file is gone. */
    private static Settings withFixedOf(Settings before, Settings now) {
        return new Settings(now.cache(), now.cachability(), now.packages(),
                new SharingSettings(before.sharing().shared(), before.sharing().adminGroup(),
                        now.sharing().maxLogBytes()),
                now.copy(), now.requests(), now.evaluator(), now.prefetch(), before.remoteCacheAllowed(),
                now.logLevel());
    }
}
