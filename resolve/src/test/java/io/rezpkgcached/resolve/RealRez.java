package io.rezpkgcached.resolve;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rezpkgcached.cache.json.Json;
import io.rezpkgcached.cache.testing.Child;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** A real rez, whose commands {@code REZ_BIN} names, each resolve in a process of its own. */
final class RealRez {
    private final Path script;
    private final Map<String, String> environment = new HashMap<>();

    RealRez(Path folder, String memcached) throws IOException {
        script = folder.resolve("resolve.py");
        try (var in = RealRez.class.getResourceAsStream("/resolve.py")) {
            Files.write(script, in.readAllBytes());
        }
        environment.putAll(Map.of("HOME", folder.toString(), "REZ_CONFIG_FILE", "", "REZ_DISABLE_HOME_CONFIG", "1",
                "REZ_MEMCACHED_URI", memcached, "REZ_IMPLICIT_PACKAGES", "~platform==linux"));
    }

    /** What it is asked for. */
    record Asked(List<String> requests, List<String> paths, OptionalLong timestamp, boolean building, boolean implicit,
            List<?> filter, List<?> orderers, Map<String, String> variables) {

        static Asked of(List<String> requests, Path... paths) {
            return new Asked(requests, Arrays.stream(paths).map(Path::toString).toList(),
                    OptionalLong.empty(), false, true, List.of(), List.of(), Map.of());
        }

        Asked at(long seconds) {
            return new Asked(requests, paths, OptionalLong.of(seconds), building, implicit, filter, orderers,
                    variables);
        }

        Asked asking(String... others) {
            return new Asked(List.of(others), paths, timestamp, building, implicit, filter, orderers, variables);
        }

        Asked in(Path... others) {
            return new Asked(requests, Arrays.stream(others).map(Path::toString).toList(), timestamp, building,
                    implicit, filter, orderers, variables);
        }

        Asked forBuild() {
            return new Asked(requests, paths, timestamp, true, implicit, filter, orderers, variables);
        }

        Asked withoutImplicit() {
            return new Asked(requests, paths, timestamp, building, false, filter, orderers, variables);
        }

        Asked filtered(List<?> other) {
            return new Asked(requests, paths, timestamp, building, implicit, other, orderers, variables);
        }

        Asked ordered(List<?> other) {
            return new Asked(requests, paths, timestamp, building, implicit, filter, other, variables);
        }

        Asked with(String variable, String value) {
            return new Asked(requests, paths, timestamp, building, implicit, filter, orderers, Map.of(variable, value));
        }
    }

    /** Resolves; what the script prints. */
    Map<?, ?> resolve(Asked asked, Path... save) throws Exception {
        Map<String, Object> words = new LinkedHashMap<>();
        words.put("requests", asked.requests());
        words.put("paths", asked.paths());
        words.put("timestamp", asked.timestamp().isPresent() ? (Long) asked.timestamp().getAsLong() : null);
        words.put("building", asked.building());
        words.put("implicit", asked.implicit());
        words.put("filter", asked.filter());
        words.put("orderers", asked.orderers());
        if (save.length > 0) {
            words.put("save", save[0].toString());
        }
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(asked.variables());
        Child.Ended ended = Child.run(List.of(Path.of(System.getenv("REZ_BIN"), "rez-python").toString(),
                script.toString()), all, Json.write(words).getBytes(StandardCharsets.UTF_8));
        assertEquals(0, ended.exitCode(), ended.err());
        return (Map<?, ?>) Json.read(ended.out().getBytes(StandardCharsets.UTF_8));
    }
}
