package io.rezpkgcached.settings;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * rez's {@code platform_map}: for {@code os} and {@code arch}, regular expressions with replacements, of which the first that matches is
 * used.
 */
record PlatformMap(Map<String, Map<Pattern, String>> rules) {

    PlatformMap {
        rules = Map.copyOf(rules);
    }

    static PlatformMap of(Object plain) throws BadValue {
        Map<String, Map<Pattern, String>> rules = new LinkedHashMap<>();
        if (plain instanceof Map<?, ?> map) {
            for (String fact : new String[]{"os", "arch"}) {
                if (map.get(fact) instanceof Map<?, ?> entries) {
                    rules.put(fact, compiled(entries));
                }
            }
        }
        return new PlatformMap(rules);
    }

    String apply(String fact, String found) {
        for (Map.Entry<Pattern, String> rule : rules.getOrDefault(fact, Map.of()).entrySet()) {
            Matcher matcher = rule.getKey().matcher(found);
            if (matcher.find()) {
                return matcher.replaceAll(rule.getValue());
            }
        }
        return found;
    }

    private static Map<Pattern, String> compiled(Map<?, ?> entries) throws BadValue {
        Map<Pattern, String> result = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : entries.entrySet()) {
            if (!(entry.getKey() instanceof String expression) || !(entry.getValue() instanceof String replacement)) {
                throw new BadValue("must hold pairs of texts, not " + Rendering.text(entry.getKey()) + ": "
                        + Rendering.text(entry.getValue()));
            }
            try {
                result.put(Pattern.compile(expression.replace("(?P<", "(?<")), replacement(replacement));
            } catch (PatternSyntaxException e) {
                throw new BadValue("holds \"" + expression
                        + "\", which is not a regular expression that this program understands");
            }
        }
        return result;
    }

    /** Python writes a group as \1 or \g<name>, Java as $1 or ${name}. */
    private static String replacement(String python) {
        StringBuilder java = new StringBuilder();
        Matcher matcher = Pattern.compile("\\\\(?:([0-9]{1,2})|g<(\\w+)>|(.))").matcher(python);
        int done = 0;
        while (matcher.find()) {
            java.append(Matcher.quoteReplacement(python.substring(done, matcher.start())));
            String name = matcher.group(2);
            if (matcher.group(1) != null) {
                java.append('$').append(Integer.parseInt(matcher.group(1)));
            } else if (name != null) {
                java.append(name.matches("[0-9]+") ? "$" + name : "${" + name + "}");
            } else {
                java.append(Matcher.quoteReplacement(matcher.group(3)));
            }
            done = matcher.end();
        }
        return java.append(Matcher.quoteReplacement(python.substring(done))).toString();
    }
}
