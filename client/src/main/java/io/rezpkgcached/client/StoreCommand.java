package io.rezpkgcached.client;

import io.rezpkgcached.client.syntax.Command;
import io.rezpkgcached.client.syntax.Operands;
import io.rezpkgcached.client.syntax.Parsed;
import io.rezpkgcached.resolve.ResolveCache;
import io.rezpkgcached.settings.ResolveCacheSettings;
import io.rezpkgcached.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;

/** Stores resolves of contexts that were solved elsewhere, or before the servers were started. */
final class StoreCommand implements Action {
    static final Command DECLARATION = new Command(MemcacheCommands.PROGRAM, "store",
            "store the resolves of solved contexts",
            "Store the resolve of each context where rez would have stored it, so that rez-env with the same requests"
                    + " takes it from the cache.\n\nA context is refused, and it is said why, where rez would not have"
                    + " stored it, where a package of it has been changed or released since it was solved, and where"
                    + " it has a filter or an orderer of a kind that only its own rez can print.",
            List.of(), Operands.some("FILE", "a context file (.rxt)"),
            List.of(new Command.Example("rez-memcache store /shows/*/contexts/*.rxt",
                    "fill servers that have been started anew")),
            List.of(new Command.Exit(ExitCode.OK, "all are stored"),
                    new Command.Exit(ExitCode.FAILURE, "one is not; the reason is on stderr"),
                    new Command.Exit(ExitCode.USAGE, "bad command line")));

    @Override
    public Command declaration() {
        return DECLARATION;
    }

    @Override
    public int run(Parsed words, Session session) throws SettingsException, IOException, InterruptedException {
        ResolveCacheSettings settings = session.resolveCache();
        try (ResolveCache cache = ResolveCache.open(settings, session.err()::println,
                session.memcacheTrace(settings)).orElse(null)) {
            if (cache == null) {
                session.err().println(settings.caching()
                        ? "memcaching is not enabled."
                        : "nothing is stored: " + settings.whyOff());
                return ExitCode.FAILURE;
            }
            int status = ExitCode.OK;
            for (String file : words.operands()) {
                try {
                    session.out().println(file + ": stored under " + store(file, cache, settings, session));
                } catch (IOException e) {
                    session.err().println(file + ": not stored: " + Main.reason(e));
                    status = ExitCode.FAILURE;
                }
            }
            return status;
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static String store(String file, ResolveCache cache, ResolveCacheSettings settings, Session session)
            throws IOException, InterruptedException {
        Path path = session.surroundings().workingDirectory().resolve(file);
        SolvedContext context = SolvedContext.read(path, settings.pruneFailedGraph());
        return switch (cache.store(context.request(), context.resolve(), context.graph(), context.solveTime(),
                context.loadTime(), OptionalDouble.of((double) context.created()))) {
            case ResolveCache.Stored.Under under -> under.key();
            case ResolveCache.Stored.Not not -> throw new IOException(not.reason());
        };
    }
}
