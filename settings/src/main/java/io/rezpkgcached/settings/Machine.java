package io.rezpkgcached.settings;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * What rez calls {@code system}: facts about this computer by name ({@code platform}, {@code arch}, {@code os}, {@code user},
 * {@code hostname}, {@code fqdn}), as found, before {@code platform_map}.
 *
 * <p>A fact is looked for when it is first asked for, since some take a process or the network. Safe for use by several threads.
 */
public final class Machine {

    private final Map<String, Supplier<String>> sources;
    private final Map<String, String> known;

    private Machine(Map<String, Supplier<String>> sources, Map<String, String> known) {
        this.sources = Map.copyOf(sources);
        this.known = new ConcurrentHashMap<>(known);
    }

    /** The computer that this runs on. */
    public static Machine local() {
        return new Machine(LocalFacts.sources(), Map.of());
    }

    /** A computer of which these facts are known. */
    public static Machine of(Map<String, String> facts) {
        return new Machine(Map.of(), facts);
    }

    Optional<String> fact(String name) {
        String value = known.get(name);
        if (value == null && sources.containsKey(name)) {
            value = sources.get(name).get();
            known.put(name, value);
        }
        return Optional.ofNullable(value);
    }
}
