package io.rezpkgcached.client;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Statistics of servers as rez's YAML writer prints them, all of them texts. */
final class YamlStatistics {
    /** What YAML 1.1 would read as something else than text. */
    private static final Pattern NOT_TEXT = Pattern.compile("[-+]?[0-9][0-9_]*(:[0-5]?[0-9])*"
            + "|[-+]?0b[0-1_]+|[-+]?0x[0-9a-fA-F_]+|[-+]?[0-9][0-9_]*\\.[0-9_]*([eE][-+][0-9]+)?"
            + "|[-+]?\\.[0-9][0-9_]*([eE][-+][0-9]+)?|[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)"
            + "|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+\\.[0-9_]*"
            + "|yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF|~|null|Null|NULL|<<|=|"
            + "|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*");
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./+][A-Za-z0-9_./+ ,()-]*");

    private YamlStatistics() {}

    /** @param statistics of each server by its name, in their order */
    static String text(List<Map.Entry<String, Map<String, String>>> statistics) {
        StringBuilder text = new StringBuilder();
        statistics.forEach(server -> {
            text.append("- - ").append(server.getKey()).append('\n');
            String start = "  - ";
            for (Map.Entry<String, String> value : new TreeMap<>(server.getValue()).entrySet()) {
                text.append(start).append(scalar(value.getKey())).append(": ").append(scalar(value.getValue()))
                        .append('\n');
                start = "    ";
            }
        });
        return text.toString();
    }

    private static String scalar(String value) {
        boolean isPlain = PLAIN.matcher(value).matches() && !NOT_TEXT.matcher(value).matches()
                && !value.endsWith(" ");
        return isPlain ? value : "'" + value.replace("'", "''") + "'";
    }
}
