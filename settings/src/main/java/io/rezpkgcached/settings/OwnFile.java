package io.rezpkgcached.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Our file, in HOCON: rez's names and ours side by side at the top level; names that nobody declared are problems. */
final class OwnFile {

    private static final ConfigParseOptions HOCON = ConfigParseOptions.defaults().setSyntax(ConfigSyntax.CONF)
            .setAllowMissing(false);

    private final Path file;
    private final Surroundings surroundings;
    private final Map<String, Setting<?>> declared = new TreeMap<>();
    private final List<String> problems;

    OwnFile(Path file, Surroundings surroundings, List<String> problems) {
        this.file = file;
        this.surroundings = surroundings;
        this.problems = problems;
        Declared.ALL.forEach(setting -> declared.put(setting.name(), setting));
    }

    Layer read() {
        if (!Files.isRegularFile(file)) {
            problems.add(file + ": there is no such file; make it, or name another");
            return Layer.EMPTY;
        }
        try {
            if (isOnlyComments()) {
                return Layer.EMPTY; // as it is installed; to parse that takes a command longer than all else
            }
            return layer(ConfigFactory.parseFile(file.toFile(), HOCON));
        } catch (ConfigException e) {
            String place = e.origin() == null ? file.toString() : place(e.origin().lineNumber());
            problems.add(place + ": cannot be read: " + e.getMessage());
            return Layer.EMPTY;
        }
    }

    private boolean isOnlyComments() {
        try {
            byte[] text = Files.readAllBytes(file);
            boolean comment = false;
            for (byte c : text) { // lines would take longer to make than all other settings to read
                if (c == '\n') {
                    comment = false;
                } else if (c == '#') {
                    comment = true;
                } else if (!comment && c != ' ' && c != '\r') {
                    return false;
                }
            }
            return true;
        } catch (IOException _) {
            return false; // the parser says what is wrong
        }
    }

    private Layer layer(Config parsed) {
        // Substitutions see the variables that we were given, as all else does, and not those of this process.
        Config resolved = parsed
                .withFallback(ConfigValueFactory.fromMap(surroundings.variables()))
                .resolve(ConfigResolveOptions.noSystem());
        Map<String, Raw> values = new LinkedHashMap<>();
        parsed.root().keySet().stream().sorted().forEach(name -> {
            ConfigValue value = resolved.root().get(name);
            if (value == null) {
                // An optional substitution that found nothing: as if the line were not there.
                return;
            }
            Origin.FileLine origin = new Origin.FileLine(file, value.origin().lineNumber());
            if (declared.containsKey(name)) {
                add(values, declared.get(name), plain(value.unwrapped()), origin);
            } else {
                problems.add(origin + ": " + name + " is not a setting; "
                        + Spelling.nearest(name, declared.keySet(), Math.max(1, name.length() / 3))
                                .map(near -> "did you mean " + near + "?")
                                .orElse("remove it"));
            }
        });
        return new Layer(values);
    }

    private void add(Map<String, Raw> values, Setting<?> setting, Object value, Origin origin) {
        try {
            // Unquoted, a.b is a dictionary in a dictionary in this format; platform_map has real ones.
            if (setting.kind() == Kind.OPTIONAL_DICT && !setting.equals(Declared.PLATFORM_MAP)
                    && value instanceof Map<?, ?> map && map.values().stream().anyMatch(Map.class::isInstance)) {
                throw new BadValue("has a dictionary inside; write names with a dot or a colon in double quotes");
            }
            values.put(setting.name(), new Raw.Known(setting.kind().fromOwnFile(value), origin));
        } catch (BadValue e) {
            problems.add(origin + ": " + setting.name() + " " + e.getMessage());
        }
    }

    private String place(int line) {
        return line < 1 ? file.toString() : file + ":" + line;
    }

    private static Object plain(Object value) {
        return switch (value) {
            case Integer number -> number.longValue();
            case List<?> list -> {
                List<Object> result = new ArrayList<>();
                list.forEach(item -> result.add(plain(item)));
                yield result;
            }
            case Map<?, ?> map -> {
                Map<Object, Object> result = new LinkedHashMap<>();
                map.forEach((key, item) -> result.put(key, plain(item)));
                yield result;
            }
            case null, default -> value;
        };
    }
}
