package io.rezpkgcached.client;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.json.Json;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.VariantLookup;
import io.rezpkgcached.cache.spool.RequestReader;
import io.rezpkgcached.cache.spool.RequestWriter;
import io.rezpkgcached.client.syntax.Command;
import io.rezpkgcached.client.syntax.Operands;
import io.rezpkgcached.client.syntax.Option;
import io.rezpkgcached.client.syntax.Parsed;
import io.rezpkgcached.client.syntax.UsageException;
import io.rezpkgcached.settings.CacheSettings;
import io.rezpkgcached.settings.SettingsException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Requests the variants of contexts, and single variants. Reads no repository for a context: the daemon decides what is
 * cachable. Either all sources can be read, or nothing is requested.
 */
final class EnqueueCommand implements Action {
    private static final Option NO_CACHING = Option.flag("request nothing: for callers that pass rez's flag on",
            "--no-pkg-cache");

    static final Command DECLARATION = new Command(Commands.PROGRAM, "enqueue", "request variants to be cached",
            "Request the variants of contexts, and single variants, as rez does when it makes a context. Never waits for"
                    + " the daemon, which decides what is cached; see rez-pkg-cache wait.\n\nNothing is requested, and it"
                    + " is said why, for a context whose package_caching is off, for that of a build while"
                    + " package_cache_during_build is off, and while write_package_cache is off.\n\nWith --request and"
                    + " --requests, prefetch: look up in rez's cache of resolves (memcached_uri) what environments need that"
                    + " nobody has asked for here yet, and have it cached when nothing else waits. Nothing is solved, and no"
                    + " Python runs. For each request it is printed what was found; rez-memcache lookup says more.",
            List.of(Sources.CACHE, Sources.ENVIRONMENT, NO_CACHING, PrefetchRequests.REQUEST,
                    PrefetchRequests.REQUESTS, ResolveRequests.PATHS, ResolveRequests.TIMESTAMP,
                    ResolveRequests.BUILDING, ResolveRequests.NO_IMPLICIT, Sources.JSON),
            Operands.any(Sources.METAVAR, Sources.HELP),
            List.of(new Command.Example("rez-env maya -o maya.rxt && rez-pkg-cache enqueue maya.rxt",
                    "have all variants of an environment cached"),
                    new Command.Example("rez-pkg-cache enqueue --env", "the same for the current one"),
                    new Command.Example("rez-pkg-cache enqueue --request \"maya-2024 mtoa\"",
                            "have cached what that needs before anyone asks for it"),
                    new Command.Example("rez-pkg-cache enqueue --requests tonight.txt",
                            "the same for each line of a file")),
            List.of(new Command.Exit(ExitCode.OK,
                    "requested, or nothing to request; with --request: every resolve was found"),
                    new Command.Exit(ExitCode.FAILURE,
                            "nothing requested, and the reason is on stderr; with --request: not every resolve was found,"
                                    + " and what the others need is requested"),
                    new Command.Exit(ExitCode.USAGE, "bad command line, or what is no request: nothing is requested")));

    /** What decides about requests, and means nothing without any. */
    private static final List<Option> OF_REQUESTS = List.of(ResolveRequests.PATHS, ResolveRequests.TIMESTAMP,
            ResolveRequests.BUILDING, ResolveRequests.NO_IMPLICIT);

    @Override
    public Command declaration() {
        return DECLARATION;
    }

    @Override
    public int run(Parsed words, Session session)
            throws UsageException, SettingsException, IOException, InterruptedException {
        return PrefetchRequests.areGiven(words) ? prefetch(words, session) : enqueue(words, session);
    }

    private static int prefetch(Parsed words, Session session)
            throws UsageException, SettingsException, IOException, InterruptedException {
        if (!words.operands().isEmpty() || words.has(Sources.ENVIRONMENT)) {
            throw new UsageException(
                    "argument --request: not allowed with contexts and variants, whose variants are known");
        }
        CacheSettings settings = session.settings().cache();
        boolean building = words.has(ResolveRequests.BUILDING);
        Optional<String> reason = words.has(NO_CACHING)
                ? Optional.of("--no-pkg-cache is given")
                : words.value(Sources.CACHE).isEmpty() && settings.path().isEmpty()
                        ? Optional.of("no cache_packages_path is configured")
                        : !settings.write()
                                ? Optional.of("write_package_cache is off")
                                : building && !settings.duringBuild()
                                        ? Optional.of("--building is given, and package_cache_during_build is off")
                                        : Optional.empty();
        if (reason.isEmpty()) {
            return Prefetching.run(words, session);
        }
        session.err().println("nothing requested: " + reason.get());
        if (words.has(Sources.JSON)) {
            session.out().println(Json.write(Map.of("reasons", List.of(reason.get()))));
        }
        return ExitCode.OK;
    }

    private static int enqueue(Parsed words, Session session)
            throws UsageException, SettingsException, IOException, InterruptedException {
        Optional<Option> alone = OF_REQUESTS.stream().filter(words::has).findFirst();
        if (alone.isPresent()) {
            throw new UsageException("argument " + alone.get().name() + ": only allowed with --request or --requests");
        }
        Sources sources = Sources.read(words, session);
        CacheSettings settings = session.settings().cache();
        List<String> reasons = new ArrayList<>();
        List<String> notCached = new ArrayList<>();
        Set<Handle> handles = new LinkedHashSet<>();
        if (words.has(NO_CACHING)) {
            reasons.add("--no-pkg-cache is given");
        } else if (words.value(Sources.CACHE).isEmpty() && settings.path().isEmpty()) {
            reasons.add("no cache_packages_path is configured");
        } else if (!settings.write()) {
            reasons.add("write_package_cache is off");
        } else {
            handles.addAll(sources.single());
            for (Context context : sources.contexts()) {
                Optional<String> reason = forbids(context, settings);
                if (reason.isPresent()) {
                    reasons.add(context.name() + ": " + reason.get());
                } else {
                    handles.addAll(context.variants());
                    context.elsewhere().forEach(other -> notCached.add(other.name() + ": " + other.reason()));
                }
            }
        }
        Counts counts = handles.isEmpty()
                ? new Counts(0, 0, 0)
                : request(handles, session.cache(words.value(Sources.CACHE)), session);
        for (String reason : reasons) {
            session.err().println("nothing requested: " + reason);
        }
        for (String reason : notCached) {
            session.err().println("not requested: " + reason);
        }
        reasons.addAll(notCached);
        if (words.has(Sources.JSON)) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("requested", counts.requested());
            object.put("already_requested", counts.pending());
            object.put("in_cache", counts.present());
            object.put("reasons", reasons);
            session.out().println(Json.write(object));
        } else if (reasons.size() == notCached.size() || !handles.isEmpty()) {
            session.err().println("requested " + counts.requested() + ", already requested " + counts.pending()
                    + ", already in the cache " + counts.present());
        }
        return ExitCode.OK;
    }

    /** As {@code ResolvedContext._update_package_cache}. */
    private static Optional<String> forbids(Context context, CacheSettings settings) {
        if (context.building() && !settings.duringBuild()) {
            return Optional.of("it is a build's, and package_cache_during_build is off");
        }
        return context.caching() ? Optional.empty() : Optional.of("its package_caching is off");
    }

    private record Counts(long requested, long pending, long present) {}

    private static Counts request(Set<Handle> handles, CacheLayout layout, Session session) throws IOException {
        VariantLookup lookup = new VariantLookup(layout, session.time());
        RequestWriter writer = new RequestWriter(layout, RequestReader.plain(session.time()));
        long requested = 0;
        long pending = 0;
        long present = 0;
        for (Handle handle : handles) {
            if (handle.isCombined()) {
                continue; // it has no payload
            }
            if (lookup.find(handle).isPresent()) {
                present++;
            } else if (writer.write(handle).isPresent()) {
                requested++;
            } else {
                pending++;
            }
        }
        return new Counts(requested, pending, present);
    }
}
