package io.rezpkgcached.settings;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The values that {@code {system.X}} has in a setting. */
final class SystemFacts {

    /** Those of which only a running rez could tell the value. */
    private static final Set<String> PYTHON_ONLY = Set.of("variant", "shell", "rez_version", "rez_bin_path",
            "is_production_rez_install", "selftest_is_running", "get_summary_string", "clear_caches");
    private static final List<String> USER_VARIABLES = List.of("LOGNAME", "USER", "LNAME", "USERNAME");
    private static final Pattern SEPARATOR = Pattern.compile("[.-]");

    private final Surroundings surroundings;
    private final PlatformMap platformMap;

    SystemFacts(Surroundings surroundings, PlatformMap platformMap) {
        this.surroundings = surroundings;
        this.platformMap = platformMap;
    }

    /** The fact, or empty where rez has none of this name. */
    Optional<String> get(String name) throws BadValue {
        if (PYTHON_ONLY.contains(name)) {
            throw new BadValue("uses {system." + name + "}, which only rez itself knows; write the value instead");
        }
        Machine machine = surroundings.machine();
        return switch (name) {
            case "os", "arch" -> machine.fact(name).map(found -> safe(platformMap.apply(name, found)));
            case "platform", "hostname", "fqdn" -> machine.fact(name);
            case "domain" -> machine.fact("fqdn").map(fqdn -> fqdn.substring(fqdn.indexOf('.') + 1)
                    .repeat(fqdn.contains(".") ? 1 : 0));
            case "user" -> user();
            case "home" -> Optional.of(surroundings.home());
            default -> Optional.empty();
        };
    }

    private Optional<String> user() {
        return USER_VARIABLES.stream().map(surroundings.variables()::get)
                .filter(value -> value != null && !value.isEmpty()).findFirst()
                .or(() -> surroundings.machine().fact("user"));
    }

    /** rez's {@code _make_safe_version_string}: other characters become {@code _}, of neighbouring separators one is left. */
    static String safe(String text) {
        String stripped = stripped(stripped(text, '.'), '-');
        ArrayDeque<String> tokens = new ArrayDeque<>(Arrays.asList(SEPARATOR.split(stripped, -1)));
        List<String> separators = new ArrayList<>();
        SEPARATOR.matcher(stripped).results().forEach(match -> separators.add(match.group()));
        StringBuilder result = new StringBuilder();
        int next = 0;
        while (!tokens.isEmpty()) {
            String token = tokens.removeFirst();
            result.append(token.replaceAll("[^a-zA-Z0-9_]", "_"));
            if (next < separators.size()) {
                result.append(token.isEmpty() ? "" : separators.get(next));
                next++;
            }
        }
        return result.toString();
    }

    private static String stripped(String text, char c) {
        int start = 0;
        int end = text.length();
        while (start < end && text.charAt(start) == c) {
            start++;
        }
        while (end > start && text.charAt(end - 1) == c) {
            end--;
        }
        return text.substring(start, end);
    }
}
