package io.rezpkgcached.client;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.json.Json;
import io.rezpkgcached.client.syntax.Command;
import io.rezpkgcached.client.syntax.Operands;
import io.rezpkgcached.client.syntax.Option;
import io.rezpkgcached.client.syntax.Parsed;
import io.rezpkgcached.client.syntax.UsageException;
import io.rezpkgcached.resolve.Verdict;
import io.rezpkgcached.resolve.key.ResolveRequest;
import io.rezpkgcached.settings.ResolveCacheSettings;
import io.rezpkgcached.settings.SettingsException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Says whether rez would take a resolve from the cache, and why. */
final class LookupCommand implements Action {
    private static final Option DISCARD = Option.flag("delete an entry that is no longer true, as rez does",
            "--discard");

    static final Command DECLARATION = new Command(MemcacheCommands.PROGRAM, "lookup",
            "say whether a resolve is cached, and why",
            "Say whether rez-env with the same requests would take its resolve from the cache or solve, and why: which"
                    + " package has changed, and the times that were compared. Nothing is solved, no Python runs, and"
                    + " nothing is changed unless --discard is given.",
            List.of(ResolveRequests.PATHS, ResolveRequests.TIMESTAMP, ResolveRequests.BUILDING,
                    ResolveRequests.NO_IMPLICIT, DISCARD, Sources.JSON),
            Operands.some("REQUEST", "a package and its versions, as for rez-env"),
            List.of(new Command.Example("rez-memcache lookup maya-2024 mtoa", "see why rez-env solves it again"),
                    new Command.Example("rez-memcache lookup --json -- '!foo-1' maya",
                            "the same for a program; -- before requests that begin with a dash")),
            List.of(new Command.Exit(ExitCode.OK, "a hit: rez takes it from the cache"),
                    new Command.Exit(ExitCode.FAILURE, "a miss, or a stale entry; or it cannot be told"),
                    new Command.Exit(ExitCode.USAGE, "bad command line, or not a request")));

    @Override
    public Command declaration() {
        return DECLARATION;
    }

    @Override
    public int run(Parsed words, Session session)
            throws UsageException, SettingsException, IOException, InterruptedException {
        ResolveCacheSettings settings = session.resolveCache();
        ResolveRequest request = ResolveRequests.of(words, settings, session);
        Verdict verdict;
        try (Resolves resolves = Resolves.open(settings, session)) {
            verdict = resolves.lookup(request, words.has(DISCARD));
        }
        if (words.has(Sources.JSON)) {
            session.out().println(Json.write(json(verdict)));
        } else {
            print(verdict, session);
        }
        return verdict instanceof Verdict.Hit ? ExitCode.OK : ExitCode.FAILURE;
    }

    private static List<Handle> variants(Verdict verdict) {
        return verdict instanceof Verdict.Hit hit ? hit.resolve().variants() : List.of();
    }

    private static Map<String, Object> json(Verdict verdict) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("verdict", verdict.word());
        object.put("reason", verdict.reason());
        object.put("key", verdict.key());
        object.put("variants", variants(verdict).stream().map(Handle::toTree).toList());
        return object;
    }

    private static void print(Verdict verdict, Session session) {
        session.out().println(verdict.word() + ": " + verdict.reason());
        session.out().println("key: " + verdict.key());
        if (verdict instanceof Verdict.Stale stale) {
            session.out().println(stale.discarded() ? "deleted" : "left where it is");
        }
        for (Handle variant : variants(verdict)) {
            Optional<Integer> index = variant.index().isPresent()
                    ? Optional.of(variant.index().getAsInt())
                    : Optional.empty();
            session.out().println(variant.qualifiedName() + "[" + index.map(String::valueOf).orElse("") + "]  "
                    + variant.location());
        }
    }
}
