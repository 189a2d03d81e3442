package io.rezpkgcached.settings;

import io.rezpkgcached.cache.definition.Evaluator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Settings that rez's configuration files compute, as rez itself says: it runs the files, as for each of its commands. */
final class ComputedSettings {
    private final Map<String, Object> values;
    private final String problem;

    private ComputedSettings(Map<String, Object> values, String problem) {
        this.values = values;
        this.problem = problem;
    }

    static ComputedSettings ask(List<String> evaluator, Duration limit, Set<String> names, Surroundings surroundings) {
        try {
            return new ComputedSettings(new Evaluator(evaluator, limit).run(program(), List.copyOf(names),
                    surroundings.variables()), "");
        } catch (IOException e) {
            return new ComputedSettings(Map.of(), e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new ComputedSettings(Map.of(), "interrupted");
        }
    }

    Object get(Setting<?> setting, Raw.Unknown unknown) throws BadValue {
        if (!values.containsKey(setting.name())) {
            throw new BadValue("cannot be known without running the file (" + unknown.why() + "), and " + problem);
        }
        return values.get(setting.name());
    }

    private static String program() {
        try (InputStream in = ComputedSettings.class.getResourceAsStream("settings.py")) {
            return new String(Objects.requireNonNull(in, "settings.py").readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
