package io.rezpkgcached.daemon;

import io.rezpkgcached.cache.publish.Step;
import io.rezpkgcached.settings.Effective;
import io.rezpkgcached.settings.InstalledFile;
import io.rezpkgcached.settings.Settings;
import io.rezpkgcached.settings.SettingsException;
import io.rezpkgcached.settings.SettingsReader;
import io.rezpkgcached.settings.Surroundings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** {@code rez-pkg-cached} in the foreground: serves one cache until SIGTERM or Ctrl-C. */
public final class Main {
    /** Copies are finished or put back within 10 s of a signal. */
    static final Duration STOP_WITHIN = Duration.ofMillis(9_500);

    private Main() {}

    /** A problem that ends the start, with the exit status that says what kind it is. */
    static final class StartException extends Exception {
        private static final long serialVersionUID = 1L;
        private final int exitCode;

        StartException(int exitCode, String message) {
            super(message);
            this.exitCode = exitCode;
        }

        int exitCode() {
            return exitCode;
        }
    }

    public static void main(String[] words) {
        int status = run(words, System.out, System.err);
        System.exit(status);
    }

    private static int run(String[] words, PrintStream out, PrintStream err) {
        try {
            return switch (Arguments.parse(words)) {
                case Arguments.Help _ -> {
                    out.print(Arguments.HELP);
                    yield ExitCode.OK;
                }
                case Arguments.PrintVersion _ -> {
                    out.println("rez-pkg-cached " + Version.text());
                    yield ExitCode.OK;
                }
                case Arguments.PrintSettings print -> {
                    printSettings(print.config(), out);
                    yield ExitCode.OK;
                }
                case Arguments.Serve serve -> serve(serve, () -> {});
            };
        } catch (Arguments.UsageException e) {
            err.println(Arguments.USAGE);
            err.println("rez-pkg-cached: error: " + e.getMessage());
            return ExitCode.USAGE;
        } catch (StartException e) {
            err.println("rez-pkg-cached: " + e.getMessage());
            return e.exitCode();
        } catch (InterruptedException _) {
            return ExitCode.SOFTWARE;
        } catch (IOException | RuntimeException | Error e) {
            err.println("rez-pkg-cached: the daemon ended: " + e);
            return ExitCode.SOFTWARE;
        }
    }

    /** Reads the settings and opens the cache; every problem is one that a person can read. */
    static CacheDaemon open(Arguments.Serve arguments, Step.Observer steps)
            throws StartException, InterruptedException {
        Settings settings = settings(arguments.config());
        Optional<Path> cache = arguments.cache().or(settings.cache()::path);
        if (cache.isEmpty()) {
            throw new StartException(ExitCode.USAGE,
                    "no cache: give its directory, or set cache_packages_path in rez's configuration");
        }
        try {
            return arguments.untilIdle()
                    ? CacheDaemon.openUntilIdle(cache.get(), settings, steps)
                    : CacheDaemon.open(cache.get(), settings, steps);
        } catch (NotDirectoryException e) {
            throw new StartException(ExitCode.NO_CACHE, "Not a directory: " + e.getMessage()
                    + ": make it, or give the directory of the package cache");
        } catch (AlreadyServedException e) {
            throw new StartException(ExitCode.ALREADY_SERVED, e.getMessage());
        } catch (IOException e) {
            throw new StartException(ExitCode.CANNOT_WRITE,
                    "cannot serve cache " + cache.get() + ": " + e.getMessage());
        }
    }

    private static void printSettings(Optional<Path> config, PrintStream out) throws StartException {
        try {
            for (Effective setting : SettingsReader.effective(Surroundings.ofProcess(), InstalledFile.or(config))) {
                out.println(setting.name() + " = " + setting.value() + "    # " + setting.origin());
            }
        } catch (SettingsException e) {
            throw new StartException(ExitCode.CONFIG, e.getMessage());
        }
    }

    private static Settings settings(Optional<Path> config) throws StartException {
        try {
            return SettingsReader.read(Surroundings.ofProcess(), InstalledFile.or(config));
        } catch (SettingsException e) {
            throw new StartException(ExitCode.CONFIG, e.getMessage());
        }
    }

    /**
     * Serves until a signal comes, or as long as there is work. Whoever starts a daemon for a request that he has just
     * written finds this one as long as it holds its lock; so it looks once more after it has let go of that.
     *
     * @param atTheEnd is run before a daemon that has no work lets go of its lock
     */
    static int serve(Arguments.Serve arguments, Runnable atTheEnd)
            throws StartException, IOException, InterruptedException {
        CacheDaemon daemon = open(arguments, Step.Observer.NONE);
        while (true) {
            Loop.Ending ending = run(daemon, atTheEnd);
            boolean again = switch (ending) {
                case STOPPED -> false;
                case IDLE -> daemon.isAskedForWork();
                case LOST -> !arguments.untilIdle();
            };
            if (!again) {
                return ExitCode.OK;
            }
            try {
                daemon = open(arguments, Step.Observer.NONE);
            } catch (StartException e) {
                if (ending == Loop.Ending.IDLE && e.exitCode() == ExitCode.ALREADY_SERVED) {
                    return ExitCode.OK; // somebody else was faster
                }
                throw e;
            }
        }
    }

    /** The hook keeps the process alive until the daemon has come to its end. */
    static Loop.Ending run(CacheDaemon opened, Runnable atTheEnd) throws IOException, InterruptedException {
        try (CacheDaemon daemon = opened) {
            Thread hook = Thread.ofPlatform().name("stop").unstarted(() -> stop(daemon));
            Runtime.getRuntime().addShutdownHook(hook);
            try {
                Loop.Ending ending = daemon.run();
                if (ending == Loop.Ending.IDLE) {
                    atTheEnd.run();
                }
                return ending;
            } finally {
                dismiss(hook);
            }
        }
    }

    /** A daemon that ended by itself is to exit with the status that says why, and not with the hook's. */
    private static void dismiss(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // it is what ended the daemon
        }
    }

    /** A daemon that was asked to stop, and did, has not failed: Java by itself would exit with 143. */
    private static void stop(CacheDaemon daemon) {
        try {
            boolean stopped = daemon.stop(STOP_WITHIN);
            Runtime.getRuntime().halt(stopped ? ExitCode.OK : ExitCode.SOFTWARE);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
