package io.rezpkgcached.daemon;

import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.shared.ForeignOwnerException;
import io.rezpkgcached.cache.spool.SpoolFolder;
import io.rezpkgcached.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * One run of the daemon in the foreground: opens the cache, serves it, and opens it again where another has come in its place; takes
 * signals meanwhile.
 *
 * <p>Where a service manager watches, a cache that is missing, or cannot be written, or is served by another daemon is waited for: a new
 * start would find the same. But a folder that was made meanwhile may only be read in the mounts that the service was given at its start; so for
 * that it ends, and is started anew.
 */
final class Foreground {
    /** Copies are finished or put back within 10 s of a signal. */
    static final Duration STOP_WITHIN = Duration.ofMillis(9_500);

    private static final Duration OPEN_AGAIN = Duration.ofSeconds(2);

    private final RezLog log = new RezLog();
    private final Condition condition = new Condition(Supervisor.of(System.getenv(), log), InstantSource.system(),
            log);
    private final CacheDaemon.Manner manner;
    private final Runnable atTheEnd;
    private final Configuration configuration;
    private final Path cache;
    private volatile Optional<CacheDaemon> running = Optional.empty();
    private Optional<CacheDaemon.Former> former = Optional.empty();

    private Foreground(CacheDaemon.Manner manner, Runnable atTheEnd, Configuration configuration, Path cache) {
        this.manner = manner;
        this.atTheEnd = atTheEnd;
        this.configuration = configuration;
        this.cache = cache;
    }

    /**
     * Reads the settings.
     *
     * @param atTheEnd is run before a daemon that has no work lets go of its lock
     */
    static Foreground of(Arguments.Serve arguments, CacheDaemon.Manner manner, Runnable atTheEnd)
            throws StartException {
        Configuration configuration = configuration(arguments);
        return new Foreground(manner, atTheEnd, configuration, cache(arguments, configuration));
    }

    private static Configuration configuration(Arguments.Serve arguments) throws StartException {
        try {
            return Configuration.read(arguments.config());
        } catch (SettingsException e) {
            throw new StartException(ExitCode.CONFIG, e.getMessage());
        }
    }

    private static Path cache(Arguments.Serve arguments, Configuration configuration) throws StartException {
        return arguments.cache().or(configuration.settings().cache()::path)
                .orElseThrow(() -> new StartException(ExitCode.USAGE,
                        "no cache: give its directory, or set cache_packages_path in rez's configuration"));
    }

    /** The cache that a daemon would serve. */
    static Path cache(Optional<Path> config, Optional<Path> given) throws StartException {
        Arguments.Serve arguments = new Arguments.Serve(config, given, false);
        return cache(arguments, configuration(arguments));
    }

    /** Opens the cache for a launcher that does all else. */
    static CacheDaemon open(Arguments.Serve arguments) throws StartException, InterruptedException {
        Configuration configuration = configuration(arguments);
        return open(cache(arguments, configuration), configuration, CacheDaemon.Manner.of(arguments.untilIdle()),
                Condition.unsupervised(), Optional.empty());
    }

    private static CacheDaemon open(Path cache, Configuration configuration, CacheDaemon.Manner manner,
            Condition condition, Optional<CacheDaemon.Former> former) throws StartException, InterruptedException {
        Optional<String> refusal = configuration.settings().remoteCacheAllowed()
                ? Optional.empty()
                : RemoteDisk.refusal(cache);
        if (refusal.isPresent()) {
            throw new StartException(ExitCode.CONFIG, refusal.get());
        }
        try {
            return CacheDaemon.open(cache, configuration.settings(), manner, condition, former);
        } catch (NotDirectoryException e) {
            throw new StartException(ExitCode.NO_CACHE, "Not a directory: " + e.getMessage()
                    + ": make it, or give the directory of the package cache", true);
        } catch (AlreadyServedException e) {
            throw new StartException(ExitCode.ALREADY_SERVED, e.getMessage(), true);
        } catch (RepositoryException | ForeignOwnerException e) {
            throw new StartException(ExitCode.CANNOT_WRITE, "cannot serve cache " + cache + ": " + e.getMessage(),
                    true);
        } catch (IOException e) {
            throw new StartException(ExitCode.CANNOT_WRITE,
                    CacheHealth.mayPass(e)
                            ? CacheHealth.describe(e, cache, condition.isSupervised())
                            : "cannot serve cache " + cache + ": " + e.getMessage(),
                    CacheHealth.mayPass(e));
        }
    }

    /**
     * Serves until a signal comes, or as long as there is work. Whoever starts a daemon for a request that he has just
     * written finds this one as long as it holds its lock; so it looks once more after it has let go of that.
     */
    int run() throws StartException, IOException, InterruptedException {
        // The hook keeps the process alive until the daemon has come to its end.
        Thread hook = Thread.ofPlatform().name("stop").unstarted(this::stop);
        Runtime.getRuntime().addShutdownHook(hook);
        Hangup.whenever(this::reload);
        try {
            Optional<CacheDaemon> opened = awaitOpen();
            while (opened.isPresent()) {
                Loop.Ending ending = serve(opened.get());
                former = opened.get().former();
                boolean again = switch (ending) {
                    case STOPPED -> false;
                    case IDLE -> opened.get().isAskedForWork();
                    case LOST -> !manner.untilIdle();
                };
                opened = again ? openAgain(ending) : Optional.empty();
            }
            condition.stopping();
            return ExitCode.OK;
        } finally {
            dismiss(hook);
        }
    }

    private Optional<CacheDaemon> openAgain(Loop.Ending ending) throws StartException, InterruptedException {
        try {
            return awaitOpen();
        } catch (StartException e) {
            if (ending == Loop.Ending.IDLE && e.exitCode() == ExitCode.ALREADY_SERVED) {
                return Optional.empty(); // somebody else was faster
            }
            throw e;
        }
    }

    /** The opened cache; empty if nobody asks for anything any more, and the daemon is not to wait for that. */
    private Optional<CacheDaemon> awaitOpen() throws StartException, InterruptedException {
        boolean wasMissing = false;
        while (true) {
            try {
                CacheDaemon opened = open(cache, configuration, manner, condition, former);
                condition.well();
                return Optional.of(opened);
            } catch (StartException e) {
                if (!condition.isSupervised() || !e.mayPass()) {
                    throw e;
                }
                if (wasMissing && isReadOnly()) {
                    throw new StartException(ExitCode.START_AGAIN, "the cache " + cache
                            + " was made after this service was started, which may only read it: ending, to be started again");
                }
                wasMissing |= e.exitCode() == ExitCode.NO_CACHE;
                if (manner.untilIdle() && !isAskedForWork()) {
                    return Optional.empty();
                }
                LogFiles.toConsole(); // the cache that its files were in may have gone
                condition.degraded(e.getMessage());
            }
            condition.ping();
            Thread.sleep(condition.pingEvery().filter(pause -> pause.compareTo(OPEN_AGAIN) < 0).orElse(OPEN_AGAIN));
        }
    }

    private boolean isReadOnly() {
        try {
            return Files.isDirectory(cache) && Files.getFileStore(cache).isReadOnly();
        } catch (IOException _) {
            return false;
        }
    }

    private boolean isAskedForWork() {
        try {
            return Files.isDirectory(cache) && SpoolFolder.areAnyFilled(CacheLayout.of(cache));
        } catch (IOException _) {
            return false; // nor can it be served
        }
    }

    private Loop.Ending serve(CacheDaemon opened) throws IOException, InterruptedException {
        try (CacheDaemon daemon = opened) {
            running = Optional.of(daemon);
            Loop.Ending ending = daemon.run();
            if (ending == Loop.Ending.IDLE) {
                atTheEnd.run();
            }
            return ending;
        } finally {
            running = Optional.empty();
        }
    }

    /** Reads the configuration again; on the signal's thread. */
    private synchronized void reload() {
        condition.reloading();
        try {
            Configuration.Change change = configuration.readAgain();
            Optional<CacheDaemon> daemon = running;
            if (daemon.isPresent()) {
                daemon.get().change(configuration.settings());
            }
            log.info("Configuration read again: "
                    + (change.changed().isEmpty() ? "nothing changed" : String.join(", ", change.changed())));
            change.fixed().forEach(setting -> log
                    .warn("Changed, but takes effect only with the next start of the daemon: " + setting));
        } catch (SettingsException e) {
            log.error("The new configuration is refused, and the old one goes on: " + e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            log.bug("A bug while the configuration was read again; the daemon goes on", e);
        }
        condition.reloaded();
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
    private void stop() {
        condition.stopping();
        try {
            Optional<CacheDaemon> daemon = running;
            boolean stopped = daemon.isEmpty() || daemon.get().stop(STOP_WITHIN);
            Runtime.getRuntime().halt(stopped ? ExitCode.OK : ExitCode.SOFTWARE);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
