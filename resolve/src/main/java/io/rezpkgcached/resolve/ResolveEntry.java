package io.rezpkgcached.resolve;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.handle.MalformedHandleException;
import io.rezpkgcached.resolve.key.RepositoryFolder;
import io.rezpkgcached.resolve.pickle.Pickle;
import io.rezpkgcached.resolve.pickle.PickledEnum;
import io.rezpkgcached.resolve.pickle.PickledTuple;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One entry of the cache.
 *
 * @param releaseTimes of each package, when it was last released
 * @param variantStates of each package, the time of its definition; empty where it had none
 */
record ResolveEntry(Resolve resolve, Map<String, Double> releaseTimes, Map<String, Optional<Double>> variantStates) {
    private static final int MOST_VARIANTS = 10_000;
    private static final String SOLVED = "solved";

    /**
     * Reads one.
     *
     * @param locations of the repositories whose packages may be in it
     * @throws UnusableException if the value is no resolve of this key
     */
    static ResolveEntry read(byte[] bytes, int flags, String qualifiedKey, Set<String> locations)
            throws UnusableException {
        List<Object> pair = tuple(ValueReader.read(bytes, flags), 2, "value");
        if (!qualifiedKey.equals(pair.get(0))) {
            throw new UnusableException("the value is another key's");
        }
        List<Object> parts = tuple(pair.get(1), 3, "entry");
        Map<?, ?> solver = map(parts.get(0), "solver's result");
        if (!new PickledEnum(SOLVED).equals(solver.get("status"))) {
            throw new UnusableException("the entry is no solved environment");
        }
        List<Handle> variants = new ArrayList<>();
        for (Object handle : list(solver.get("variant_handles"), "variants")) {
            variants.add(handle(handle, locations));
        }
        List<String> ephemerals = new ArrayList<>();
        for (Object ephemeral : list(solver.get("ephemerals"), "ephemerals")) {
            ephemerals.add(text(ephemeral));
        }
        Map<String, Double> releases = new LinkedHashMap<>();
        for (Map.Entry<?, ?> time : map(parts.get(1), "release times").entrySet()) {
            releases.put(name(time.getKey()),
                    number(time.getValue()).orElseThrow(() -> new UnusableException("a release time is none")));
        }
        Map<String, Optional<Double>> states = new LinkedHashMap<>();
        for (Map.Entry<?, ?> state : map(parts.get(2), "states of variants").entrySet()) {
            states.put(name(state.getKey()), number(state.getValue()));
        }
        for (Handle variant : variants) {
            if (!releases.containsKey(variant.name()) || !states.containsKey(variant.name())) {
                throw new UnusableException("the entry has no time of " + variant.name());
            }
        }
        return new ResolveEntry(new Resolve(variants, ephemerals), releases, states);
    }

    /**
     * The value that rez would store.
     *
     * @param graph the {@code digraph}
     * @param solveTime seconds
     * @param loadTime seconds
     */
    byte[] write(String qualifiedKey, Object graph, double solveTime, double loadTime) {
        Map<String, Object> solver = new LinkedHashMap<>();
        solver.put("status", new PickledEnum(SOLVED));
        solver.put("graph", graph);
        solver.put("solve_time", solveTime);
        solver.put("load_time", loadTime);
        solver.put("failure_description", null);
        solver.put("variant_handles", resolve.variants().stream().map(Handle::toTree).toList());
        solver.put("ephemerals", resolve.ephemerals());
        Map<String, Object> states = new LinkedHashMap<>();
        variantStates.forEach((name, state) -> states.put(name, state.orElse(null)));
        return Pickle.write(PickledTuple.of(qualifiedKey, PickledTuple.of(solver, releaseTimes, states)));
    }

    private static Handle handle(Object value, Set<String> locations) throws UnusableException {
        Map<?, ?> parts = map(value, "variant");
        // What is refused is shown, and so must not hold what holds itself.
        Map<String, Object> plain = scalars(parts, "variables");
        plain.put("variables", scalars(map(parts.get("variables"), "variant"), ""));
        Handle handle;
        try {
            handle = Handle.parse(plain);
        } catch (MalformedHandleException e) {
            throw new UnusableException("the entry has a variant that is none: " + e.getMessage());
        }
        name(handle.name());
        if (handle.versionDirectory().chars().anyMatch(Character::isISOControl)) {
            throw new UnusableException("the entry has a version that is none");
        }
        if (!locations.contains(handle.location())) {
            throw new UnusableException("the entry has a variant of a repository that was not asked for: "
                    + handle.qualifiedName());
        }
        return handle;
    }

    private static Map<String, Object> scalars(Map<?, ?> map, String without) throws UnusableException {
        Map<String, Object> result = new LinkedHashMap<>();
        for (Map.Entry<?, ?> each : map.entrySet()) {
            Object value = each.getValue();
            String name = text(each.getKey());
            boolean isScalar = value == null || value instanceof String || value instanceof Number
                    || value instanceof Boolean;
            if (!isScalar && !name.equals(without)) {
                throw new UnusableException("the entry's variant is not what rez writes");
            }
            if (isScalar) {
                result.put(name, value);
            }
        }
        return result;
    }

    private static List<Object> tuple(Object value, int size, String what) throws UnusableException {
        if (value instanceof PickledTuple tuple && tuple.items().size() == size) {
            return tuple.items();
        }
        throw new UnusableException("the " + what + " is not what rez writes");
    }

    private static Map<?, ?> map(Object value, String what) throws UnusableException {
        if (value instanceof Map<?, ?> map && map.size() <= MOST_VARIANTS) {
            return map;
        }
        throw new UnusableException("the entry's " + what + " is not what rez writes");
    }

    private static List<?> list(Object value, String what) throws UnusableException {
        if (value instanceof List<?> list && list.size() <= MOST_VARIANTS) {
            return list;
        }
        throw new UnusableException("the entry's " + what + " are not what rez writes");
    }

    private static String text(Object value) throws UnusableException {
        if (value instanceof String text) {
            return text;
        }
        throw new UnusableException("the entry has something else where a name belongs");
    }

    /** What stands in paths and in what a person reads. */
    private static String name(Object value) throws UnusableException {
        if (value instanceof String text && RepositoryFolder.isName(text)) {
            return text;
        }
        throw new UnusableException("the entry has something else where the name of a package belongs");
    }

    /** Python compares an integer and a float by their values. */
    private static Optional<Double> number(Object value) throws UnusableException {
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof Double || value instanceof Long) {
            return Optional.of(((Number) value).doubleValue());
        }
        throw new UnusableException("the entry has something else where a time belongs");
    }
}
