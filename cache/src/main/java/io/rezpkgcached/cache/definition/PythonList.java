package io.rezpkgcached.cache.definition;

import java.util.List;
import java.util.stream.Collectors;

/** The text of Python's str() of a list of strings, for strings of printable ASCII, which requirements are. */
final class PythonList {

    private PythonList() {}

    static String text(List<String> strings) {
        return strings.stream().map(PythonList::quoted).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String quoted(String string) {
        char quote = string.indexOf('\'') >= 0 && string.indexOf('"') < 0 ? '"' : '\'';
        return quote + string.replace("\\", "\\\\").replace(quote == '\'' ? "'" : "\"", "\\" + quote) + quote;
    }
}
