package io.rezpkgcached.client;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.handle.MalformedHandleException;
import io.rezpkgcached.cache.json.Json;
import io.rezpkgcached.cache.json.JsonLimits;
import io.rezpkgcached.resolve.Resolve;
import io.rezpkgcached.resolve.ResolveGraph;
import io.rezpkgcached.resolve.key.PackageFilters;
import io.rezpkgcached.resolve.key.PackageOrderers;
import io.rezpkgcached.resolve.key.RequestFactory;
import io.rezpkgcached.resolve.key.ResolveRequest;
import io.rezpkgcached.resolve.key.UnprintableException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * All that a context file of rez says of its resolve, so that it can be stored as if rez had just made it.
 *
 * @param created when its solve began, in seconds
 */
record SolvedContext(ResolveRequest request, Resolve resolve, ResolveGraph graph, double solveTime, double loadTime,
        long created) {
    private static final long MOST_BYTES = 64L << 20;
    private static final int LONGEST_STRING = 16 << 20;
    private static final Set<String> FIELDS = Set.of("resolved_packages", "resolved_ephemerals", "status", "caching",
            "building", "package_requests", "implicit_packages", "package_paths", "package_filter", "package_orderers",
            "requested_timestamp", "graph", "solve_time", "load_time", "created");

    /**
     * Reads one.
     *
     * @param pruning rez's {@code prune_failed_graph}, which a context does not tell
     * @throws IOException if it cannot be read, or rez would not have stored it, or we cannot tell under which key
     */
    static SolvedContext read(Path file, boolean pruning) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return of(Json.readMembers(in, new JsonLimits(MOST_BYTES, LONGEST_STRING), FIELDS), file, pruning);
        } catch (UnprintableException e) {
            throw new IOException("it has " + e.getMessage() + ", so its key cannot be told", e);
        } catch (IllegalArgumentException | MalformedHandleException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static SolvedContext of(Map<String, Object> context, Path file, boolean pruning)
            throws IOException, UnprintableException, MalformedHandleException {
        if (!"solved".equals(context.get("status"))) {
            throw new IOException("it is not solved: its status is " + context.get("status"));
        }
        if (!Boolean.TRUE.equals(context.get("caching"))) {
            throw new IOException("rez would not have stored it: its caching is off");
        }
        List<Handle> variants = new ArrayList<>();
        for (Object handle : list(context, "resolved_packages")) {
            variants.add(Handle.parse(handle));
        }
        List<String> requests = new ArrayList<>(texts(context, "package_requests"));
        requests.addAll(texts(context, "implicit_packages"));
        Object orderers = context.get("package_orderers");
        ResolveRequest request = new ResolveRequest(ResolveRequest.canonical(requests),
                RequestFactory.folders(texts(context, "package_paths"), file.toAbsolutePath().getParent()),
                PackageFilters.hash(list(context, "package_filter"), true),
                PackageOrderers.hash(orderers == null ? List.of() : list(context, "package_orderers")),
                Boolean.TRUE.equals(context.get("building")), pruning, timestamp(context));
        if (!(context.get("graph") instanceof String graph) || !(context.get("created") instanceof Long created)) {
            throw new IOException("it is not a whole context of rez 2 or newer: it has no graph, or no time");
        }
        return new SolvedContext(request, new Resolve(variants, texts(context, "resolved_ephemerals")),
                ResolveGraph.parse(graph), number(context, "solve_time"), number(context, "load_time"), created);
    }

    private static OptionalLong timestamp(Map<String, Object> context) throws UnprintableException {
        Object timestamp = context.get("requested_timestamp");
        if (timestamp == null) {
            return OptionalLong.empty();
        }
        if (timestamp instanceof Long seconds) {
            return OptionalLong.of(seconds);
        }
        throw new UnprintableException("a timestamp that is no whole number");
    }

    private static double number(Map<String, Object> context, String name) {
        return context.get(name) instanceof Number number ? number.doubleValue() : 0;
    }

    private static List<?> list(Map<String, Object> context, String name) throws IOException {
        if (context.get(name) instanceof List<?> list) {
            return list;
        }
        throw new IOException("it is not a context of rez 2 or newer: it has no " + name);
    }

    private static List<String> texts(Map<String, Object> context, String name) throws IOException {
        List<String> texts = new ArrayList<>();
        for (Object each : list(context, name)) {
            if (!(each instanceof String text)) {
                throw new IOException("its " + name + " are no texts");
            }
            texts.add(text);
        }
        return texts;
    }
}
