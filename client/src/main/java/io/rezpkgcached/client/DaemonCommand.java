package io.rezpkgcached.client;

import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.log.LogFolder;
import io.rezpkgcached.settings.InstalledFile;
import io.rezpkgcached.settings.SettingsException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Starts a daemon that ends by itself, as rez does after each context; one that finds the cache served ends at once. It is
 * nobody's child: in a session of its own, in {@code /}, with an environment of its own, without a descriptor of ours
 * (Java closes all in a child), so that nothing that waits for the end of a job waits for it.
 */
final class DaemonCommand {
    /** Names of more variables to pass on, separated by blanks: those that a rez configuration file uses. */
    private static final String KEEP = "REZ_PKG_CACHED_KEEP_ENV";

    private static final Set<String> KEPT = Set.of("HOME", "USER", "LOGNAME", "PATH", "LANG", "TZ", "TMPDIR",
            "XDG_RUNTIME_DIR");

    private final Session session;
    private final CacheLayout layout;

    DaemonCommand(Session session, CacheLayout layout) {
        this.session = session;
        this.layout = layout;
    }

    int run() throws SettingsException, IOException {
        if (!isConfigured()) {
            return ExitCode.FAILURE;
        }
        if (new SharedUse(session, layout).isShared()) {
            return ExitCode.OK; // its daemon is a service, whose requests wait for it: ours could not serve them
        }
        Optional<Path> launcher = InstalledFile.home().map(home -> home.resolve("bin/rez-pkg-cached"))
                .filter(Files::isExecutable);
        if (launcher.isEmpty()) {
            throw new IOException("cannot start the daemon: bin/rez-pkg-cached is not beside this command");
        }
        ProcessBuilder builder = new ProcessBuilder(
                List.of("setsid", launcher.get().toString(), "--until-idle", layout.root().toString()));
        builder.directory(new File("/")).redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(environment(session.surroundings().variables()));
        try {
            builder.start();
        } catch (IOException e) {
            throw new IOException("cannot start the daemon: " + e.getMessage(), e);
        }
        return ExitCode.OK;
    }

    /** Nobody would hear from the daemon what is wrong with the settings: so it goes into the log, too. */
    private boolean isConfigured() {
        try {
            session.settings();
            return true;
        } catch (SettingsException e) {
            LogFolder log = new LogFolder(layout.log());
            e.problems().forEach(problem -> session.log(log, true, "No daemon was started - " + problem));
            return false;
        }
    }

    /** Ours, rez's settings, and what every program needs; none of what a job or a context has put there. */
    static Map<String, String> environment(Map<String, String> variables) {
        Set<String> more = new HashSet<>(List.of(variables.getOrDefault(KEEP, "").split(" ", -1)));
        Map<String, String> kept = new TreeMap<>();
        variables.forEach((name, value) -> {
            if (KEPT.contains(name) || more.contains(name) || name.startsWith("LC_") || isSetting(name)) {
                kept.put(name, value);
            }
        });
        return kept;
    }

    /** {@code REZ_<SETTING>}, but not what a context says of itself and its packages. */
    private static boolean isSetting(String name) {
        return name.startsWith("REZ_") && !name.startsWith("REZ_USED") && !name.endsWith("_ROOT")
                && !name.endsWith("_BASE") && !name.endsWith("_VERSION") && !name.startsWith("REZ_RXT")
                && !name.startsWith("REZ_CONTEXT") && !name.startsWith("REZ_RESOLVE");
    }
}
