package io.rezpkgcached.client;

import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.client.syntax.Command;
import io.rezpkgcached.client.syntax.Operands;
import io.rezpkgcached.client.syntax.Option;
import io.rezpkgcached.client.syntax.Parsed;
import io.rezpkgcached.client.syntax.UsageException;
import io.rezpkgcached.settings.SettingsException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** What rez's own {@code rez-pkg-cache} does, with the same words. */
final class RezCommand implements Action {
    private static final String WORK = "work";
    private static final Option ADD = Option.some("URI", "add variants to the cache", "-a", "--add-variants").in(WORK);
    private static final Option LOGS = Option.flag("print the logs", "--logs").in(WORK);
    private static final Option REMOVE = Option.some("URI", "remove variants from the cache", "-r",
            "--remove-variants").in(WORK);
    private static final Option CLEAN = Option
            .flag("remove unused and stalled variants, and delete what was removed", "--clean").in(WORK);
    /** What rez starts after each context; hidden, as in rez. */
    private static final Option DAEMON = Option.flag("", "--daemon").in(WORK);
    private static final Option MODE = Option.one("",
            "whether --add-variants waits for a copy that somebody else is making; default: the setting"
                    + " package_cache_async",
            "--pkg-cache-mode").of("sync", "async");
    private static final Option COLUMNS = Option.some("", "columns to print", "-c", "--columns").of("status",
            "package", "variant_uri", "orig_path", "cache_path");
    private static final Option FORCE = Option.flag("add a variant even if its package is not cachable", "-f",
            "--force");
    private static final Option VERBOSE = Option.flag("accepted for rez's sake, as is --debug; changes nothing", "-v",
            "--verbose");
    private static final Option DEBUG = Option.flag("", "--debug");
    private static final Option PROFILE = Option.one("FILE", "", "--profile");

    static final Command DECLARATION = new Command(Commands.PROGRAM, "", "list or change a package cache",
            "Without an option, list the variants in a package cache: those that are cached, being copied, stalled, and"
                    + " pending.",
            List.of(ADD, REMOVE, CLEAN, LOGS, DAEMON, MODE, COLUMNS, FORCE, VERBOSE, DEBUG, PROFILE),
            Operands.optional("DIR", "package cache directory; default: the setting cache_packages_path"),
            List.of(new Command.Example("rez-pkg-cache -c status variant_uri", "list what is where, in two columns"),
                    new Command.Example("rez-pkg-cache -a /svr/packages/foo/1.0/package.py[0]",
                            "cache one variant, and wait for it")),
            List.of(new Command.Exit(ExitCode.OK, "done, or there was nothing to do"),
                    new Command.Exit(ExitCode.FAILURE, "not done; the reason is on stderr"),
                    new Command.Exit(ExitCode.USAGE, "bad command line"),
                    new Command.Exit(ExitCode.IO, "results could not be written")));

    @Override
    public Command declaration() {
        return DECLARATION;
    }

    @Override
    public int run(Parsed words, Session session)
            throws UsageException, SettingsException, IOException, InterruptedException {
        Optional<String> given = words.operands().stream().findFirst();
        CacheName cache = CacheName.of(session.cacheName(given));
        CacheLayout layout = cache.layout();
        if (words.has(DAEMON)) {
            return new DaemonCommand(session, layout).run();
        }
        if (words.has(ADD)) {
            return new AddCommand(session, cache, isSync(words, session), words.has(FORCE)).run(words.values(ADD));
        }
        if (words.has(REMOVE)) {
            return new RemoveCommand(session, cache).run(words.values(REMOVE));
        }
        if (words.has(CLEAN)) {
            return new CleanCommand(session, layout).run();
        }
        if (words.has(LOGS)) {
            return new LogsOfRezCommand(session, layout).run();
        }
        List<String> columns = words.has(COLUMNS) ? words.values(COLUMNS) : ListCommand.USUAL_COLUMNS;
        return new ListCommand(session, cache, columns).run();
    }

    private static boolean isSync(Parsed words, Session session) throws SettingsException {
        return words.has(MODE)
                ? words.value(MODE).orElseThrow().equals("sync")
                : !session.settings().cache().async();
    }
}
