package io.rezpkgcached.settings;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Expands the strings in a value as rez does, in this order: {@code $VAR} and {@code ${VAR}}, then {@code ~}, then {@code {system.X}}.
 * What is not known stays as it is written. Keys of dictionaries are left alone.
 */
final class Expansion {

    private static final Pattern VARIABLE = Pattern.compile("\\$(?:(\\w+)|\\{([^}]*)})",
            Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern HOME = Pattern.compile("(\\A|[\\s:;])~([/:;\\s]|\\z)",
            Pattern.UNICODE_CHARACTER_CLASS);

    private final Surroundings surroundings;
    private final SystemFacts facts;

    Expansion(Surroundings surroundings, SystemFacts facts) {
        this.surroundings = surroundings;
        this.facts = facts;
    }

    Object expand(Object value) throws BadValue {
        // Not a switch over patterns, which is made at run time.
        if (value instanceof String text) {
            return SystemFormat.format(home(variables(text)), facts);
        }
        if (value instanceof List<?> list) {
            List<Object> result = new ArrayList<>();
            for (Object item : list) {
                result.add(expand(item));
            }
            return result;
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> result = new LinkedHashMap<>();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                result.put(entry.getKey(), expand(entry.getValue()));
            }
            return result;
        }
        return value;
    }

    private String variables(String text) {
        if (text.indexOf('$') < 0) {
            return text;
        }
        return VARIABLE.matcher(text).replaceAll(match -> {
            String name = match.group(1) != null ? match.group(1) : match.group(2);
            return Matcher.quoteReplacement(surroundings.variables().getOrDefault(name, match.group()));
        });
    }

    private String home(String text) {
        if (!text.contains("~")) {
            return text;
        }
        String home = Matcher.quoteReplacement(surroundings.home());
        // rez normalizes every text with a tilde in it as a path, also where the tilde stays.
        return PythonPath.normalized(HOME.matcher(text).replaceAll("$1" + home + "$2"));
    }
}
