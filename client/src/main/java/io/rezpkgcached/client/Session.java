package io.rezpkgcached.client;

import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.client.syntax.UsageException;
import io.rezpkgcached.settings.InstalledFile;
import io.rezpkgcached.settings.Settings;
import io.rezpkgcached.settings.SettingsException;
import io.rezpkgcached.settings.SettingsReader;
import io.rezpkgcached.settings.Surroundings;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/** What a command has around it: streams, environment, time, and the settings, which are read when they are first asked for. */
final class Session {
    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;
    private final Surroundings surroundings;
    private final InstantSource time;
    private Optional<Settings> settings = Optional.empty();

    Session(InputStream in, PrintStream out, PrintStream err, Surroundings surroundings, InstantSource time) {
        this.in = in;
        this.out = out;
        this.err = err;
        this.surroundings = surroundings;
        this.time = time;
    }

    InputStream in() {
        return in;
    }

    /** For results. */
    PrintStream out() {
        return out;
    }

    /** For words about them. */
    PrintStream err() {
        return err;
    }

    Surroundings surroundings() {
        return surroundings;
    }

    InstantSource time() {
        return time;
    }

    Settings settings() throws SettingsException {
        if (settings.isEmpty()) {
            settings = Optional.of(SettingsReader.read(surroundings, InstalledFile.or(Optional.empty())));
        }
        return settings.get();
    }

    /** The cache that is given, else the configured one. */
    CacheLayout cache(Optional<String> given) throws UsageException, SettingsException, NotDirectoryException {
        Optional<Path> cache = given.isPresent() ? given.map(Path::of) : settings().cache().path();
        if (cache.isEmpty()) {
            throw new UsageException("DIR must be specified, as there is no configured 'cache_packages_path'");
        }
        return CacheLayout.of(cache.get());
    }
}
