package io.rezpkgcached.client;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.json.Json;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.client.PrefetchSpool.Outcome;
import io.rezpkgcached.client.syntax.Parsed;
import io.rezpkgcached.client.syntax.UsageException;
import io.rezpkgcached.resolve.Payloads;
import io.rezpkgcached.resolve.Verdict;
import io.rezpkgcached.settings.ResolveCacheSettings;
import io.rezpkgcached.settings.SettingsException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Looks up the resolves of requests, and has their variants cached when nothing else waits. No solver runs, and no Python. Either all
 * requests can be read, or nothing is requested.
 */
final class Prefetching {
    /** A request, what the resolve cache has for it, and the payloads of that. */
    private record Found(String text, Verdict verdict, Payloads payloads) {
        boolean isHit() {
            return verdict instanceof Verdict.Hit;
        }
    }

    private final Session session;
    private final Map<Handle, Outcome> outcomes = new LinkedHashMap<>();

    private Prefetching(Session session) {
        this.session = session;
    }

    static int run(Parsed words, Session session)
            throws UsageException, SettingsException, IOException, InterruptedException {
        ResolveCacheSettings settings = session.resolveCache().patient();
        List<PrefetchRequests.Named> named = PrefetchRequests.read(words, settings, session);
        CacheLayout layout = session.cache(words.value(Sources.CACHE));
        List<Found> found = new ArrayList<>();
        Set<Handle> handles = new LinkedHashSet<>();
        try (Resolves resolves = Resolves.open(settings, session)) {
            for (PrefetchRequests.Named each : named) {
                Verdict verdict = resolves.lookup(each.request(), false);
                Payloads payloads = verdict instanceof Verdict.Hit hit
                        ? Payloads.of(hit.resolve(), each.request())
                        : new Payloads(List.of(), List.of());
                found.add(new Found(each.text(), verdict, payloads));
                handles.addAll(payloads.own());
            }
        }
        Prefetching prefetching = new Prefetching(session);
        prefetching.outcomes.putAll(PrefetchSpool.request(handles, session, layout));
        if (words.has(Sources.JSON)) {
            prefetching.printJson(found);
        } else {
            prefetching.print(found);
        }
        return found.stream().allMatch(Found::isHit) ? ExitCode.OK : ExitCode.FAILURE;
    }

    private long count(List<Handle> handles, Class<? extends Outcome> kind) {
        return handles.stream().filter(handle -> kind.isInstance(outcomes.get(handle))).count();
    }

    private void print(List<Found> found) {
        for (Found each : found) {
            List<Handle> own = each.payloads().own();
            session.out().println(each.text() + ": " + each.verdict().word() + ": " + (each.isHit()
                    ? own.size() + (own.size() == 1 ? " variant" : " variants") + ", requested "
                            + count(own, Outcome.Requested.class) + ", already requested "
                            + count(own, Outcome.AlreadyRequested.class) + ", already in the cache "
                            + count(own, Outcome.InCache.class)
                    : each.verdict().reason()));
        }
        found.stream().flatMap(each -> notRequested(each).entrySet().stream()).distinct().forEach(
                entry -> session.err().println("not requested: " + name(entry.getKey()) + ": " + entry.getValue()));
        if (found.isEmpty()) {
            session.err().println("no requests");
        }
    }

    private static String name(Handle handle) {
        return handle.qualifiedName() + " of " + handle.location();
    }

    private Map<Handle, String> notRequested(Found found) {
        Map<Handle, String> reasons = new LinkedHashMap<>();
        for (Handle handle : found.payloads().own()) {
            if (outcomes.get(handle) instanceof Outcome.NotRequested not) {
                reasons.put(handle, not.reason());
            }
        }
        for (Handle handle : found.payloads().foreign()) {
            reasons.put(handle, "it lies in none of the repositories that were searched, so no solver chose it; see who"
                    + " can write to memcached");
        }
        return reasons;
    }

    private void printJson(List<Found> found) {
        List<Map<String, Object>> requests = new ArrayList<>();
        for (Found each : found) {
            List<Handle> own = each.payloads().own();
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("request", each.text());
            object.put("verdict", each.verdict().word());
            object.put("reason", each.verdict().reason());
            object.put("key", each.verdict().key());
            object.put("variants", (long) own.size() + each.payloads().foreign().size());
            object.put("requested", count(own, Outcome.Requested.class));
            object.put("already_requested", count(own, Outcome.AlreadyRequested.class));
            object.put("in_cache", count(own, Outcome.InCache.class));
            List<Map<String, Object>> reasons = new ArrayList<>();
            notRequested(each).forEach(
                    (handle, reason) -> reasons.add(Map.of("handle", handle.toTree(), "reason", reason)));
            object.put("not_requested", reasons);
            requests.add(object);
        }
        List<Handle> all = List.copyOf(outcomes.keySet());
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("requests", requests);
        object.put("requested", count(all, Outcome.Requested.class));
        object.put("already_requested", count(all, Outcome.AlreadyRequested.class));
        object.put("in_cache", count(all, Outcome.InCache.class));
        session.out().println(Json.write(object));
    }
}
