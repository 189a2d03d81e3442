package io.rezpkgcached.settings;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Settings that are being decided: the values found so far, and every problem met on the way. */
final class Resolution {

    /** Set by the launcher where our command lies beside a rez-python, as where it was linked over rez's. */
    private static final String REZ_PYTHON = "REZ_PKG_CACHED_REZ_PYTHON";

    /** A value in effect, checked and expanded, with its typed form. */
    record Found(Object plain, Object typed, Origin origin) {}

    private final Surroundings surroundings;
    private final Layer files;
    private final List<String> problems;
    private final Set<Setting<?>> decided = new HashSet<>();
    private final Map<Setting<?>, Found> found = new HashMap<>();
    private Optional<ComputedSettings> answers = Optional.empty();
    private PlatformMap platformMap = new PlatformMap(Map.of());

    Resolution(Surroundings surroundings, Layer files, List<String> problems) {
        this.surroundings = surroundings;
        this.files = files;
        this.problems = problems;
    }

    void decide(Predicate<Setting<?>> wanted) {
        for (Setting<?> setting : Declared.ALL) {
            if (wanted.test(setting)) {
                decide(setting);
            }
            if (setting.equals(Declared.PLATFORM_MAP) && found.containsKey(setting)) {
                platformMap = get(Declared.PLATFORM_MAP);
            }
        }
    }

    /** The value of a setting that was decided without a problem. */
    @SuppressWarnings("unchecked") // The typed value was made by the conversion of this very setting.
    <T> T get(Setting<T> setting) {
        return (T) found.get(setting).typed();
    }

    Map<Setting<?>, Found> found() {
        return found;
    }

    List<Effective> effective() {
        List<Effective> result = new ArrayList<>();
        for (Setting<?> setting : Declared.ALL) {
            if (found.containsKey(setting)) {
                Found value = found.get(setting);
                result.add(new Effective(setting.name(), Rendering.text(value.plain()), value.origin()));
            }
        }
        return result;
    }

    /** Once: one that is computed asks for the evaluator before its turn. */
    private void decide(Setting<?> setting) {
        if (!decided.add(setting)) {
            return;
        }
        Optional<String> variable = Optional.of(setting.variable()).filter(surroundings.variables()::containsKey);
        Optional<String> json = Optional.of(setting.variable() + "_JSON").filter(surroundings.variables()::containsKey);
        Raw raw = files.values().get(setting.name());
        Origin origin = variable.or(() -> json).<Origin>map(Origin.Variable::new).orElse(raw.origin());
        try {
            Object value;
            if (variable.isPresent()) {
                value = setting.kind().fromText(surroundings.variables().get(variable.get()));
            } else if (json.isPresent()) {
                value = JsonValue.parse(surroundings.variables().get(json.get()));
            } else if (setting.equals(Declared.EVALUATOR) && raw.origin() instanceof Origin.Default
                    && surroundings.variables().containsKey(REZ_PYTHON)) {
                value = List.of(surroundings.variables().get(REZ_PYTHON));
                origin = new Origin.Variable(REZ_PYTHON);
            } else {
                value = fromFiles(setting, raw);
            }
            Expansion expansion = new Expansion(surroundings, new SystemFacts(surroundings, platformMap));
            Object plain = expansion.expand(setting.kind().check(value));
            found.put(setting, new Found(plain, setting.convert(plain, surroundings), origin));
        } catch (BadValue e) {
            problems.add(origin + ": " + setting.name() + " " + e.getMessage());
        }
    }

    /** What rez itself says of a setting that its file computes. */
    private Object computed(Setting<?> setting, Raw.Unknown unknown) throws BadValue {
        decide(Declared.EVALUATOR);
        decide(Declared.EVALUATOR_TIMEOUT);
        if (!found.containsKey(Declared.EVALUATOR) || !found.containsKey(Declared.EVALUATOR_TIMEOUT)
                || get(Declared.EVALUATOR).isEmpty()) {
            throw new BadValue("cannot be known without running the file (" + unknown.why()
                    + "); set evaluator to a command such as rez-python, or set it in our own file or as $"
                    + setting.variable());
        }
        if (answers.isEmpty()) {
            answers = Optional.of(ComputedSettings.ask(get(Declared.EVALUATOR), get(Declared.EVALUATOR_TIMEOUT),
                    files.unknown(), surroundings));
        }
        return answers.get().get(setting, unknown);
    }

    private Object fromFiles(Setting<?> setting, Raw raw) throws BadValue {
        if (raw instanceof Raw.Known known) { // nearly always, and no switch, which would be made at run time
            Object value = known.value();
            return value == null && setting.equals(Declared.TMPDIR)
                    ? TemporaryFolder.find(surroundings)
                            .orElseThrow(() -> new BadValue(
                                    "is not set, and no folder for temporary files can be written to"))
                    : value;
        }
        if (raw instanceof Raw.Unknown unknown) {
            return computed(setting, unknown);
        }
        throw new IllegalStateException("merged layers hold no changes");
    }
}
