package io.rezpkgcached.settings;

import io.rezpkgcached.cache.python.PythonModule;
import io.rezpkgcached.cache.python.PythonSyntaxException;
import io.rezpkgcached.cache.python.PythonValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads {@code name = ModifyList(append=[...], prepend=[...])} where the lists are written out.
 *
 * <p>The call is rewritten as a dictionary and the whole file read again, so that the reader of Python, and not this class, decides
 * whether the name is a literal at the end of the file.
 */
final class ModifyListSource {

    private static final Set<String> PARAMETERS = Set.of("append", "prepend");
    private static final Pattern PARAMETER = Pattern.compile("\\G\\s*(append|prepend)\\s*=(?!=)");

    private ModifyListSource() {}

    /** The arguments by name; empty where the statement is not of that form. */
    static Optional<Map<?, ?>> find(String text, String name, int line) {
        Optional<String> rewritten = rewritten(text, name, line);
        try {
            return rewritten.isEmpty()
                    ? Optional.empty()
                    : PythonModule.parse(rewritten.get()).get(name).flatMap(ModifyListSource::arguments);
        } catch (PythonSyntaxException e) {
            // The arguments were not of the form that the rewriting takes.
            return Optional.empty();
        }
    }

    private static Optional<Map<?, ?>> arguments(PythonValue value) {
        boolean lists = value instanceof PythonValue.Literal(Map<?, ?> map, int _)
                && PARAMETERS.containsAll(map.keySet())
                && map.values().stream().allMatch(list -> list == null || list instanceof List<?>);
        return lists ? Optional.of((Map<?, ?>) ((PythonValue.Literal) value).value()) : Optional.empty();
    }

    private static Optional<String> rewritten(String text, String name, int line) {
        int start = startOfLine(text, line);
        Matcher call = Pattern.compile("\\G" + Pattern.quote(name) + "\\s*=\\s*ModifyList\\s*\\(").matcher(text);
        if (start < 0 || !call.find(start)) {
            return Optional.empty();
        }
        StringBuilder result = new StringBuilder(text.substring(0, start)).append(name).append(" = {");
        Matcher parameter = PARAMETER.matcher(text);
        int depth = 1;
        int i = call.end();
        boolean first = true;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (depth == 1 && (first || c == ',')) {
                int from = first ? i : i + 1;
                result.append(first ? "" : ",");
                first = false;
                i = from;
                if (parameter.find(from)) {
                    result.append(text, from, parameter.start(1)).append('"').append(parameter.group(1)).append("\":");
                    i = parameter.end();
                }
            } else if (c == '"' || c == '\'' || c == '#') {
                int end = endOfToken(text, i);
                result.append(text, i, end);
                i = end;
            } else {
                depth += "([{".indexOf(c) >= 0 ? 1 : ")]}".indexOf(c) >= 0 ? -1 : 0;
                if (depth == 0) {
                    return Optional.of(result.append('}').append(text, i + 1, text.length()).toString());
                }
                result.append(c);
                i++;
            }
        }
        return Optional.empty();
    }

    private static int startOfLine(String text, int line) {
        int start = 0;
        for (int n = 1; n < line && start >= 0; n++) {
            int end = text.indexOf('\n', start);
            start = end < 0 ? -1 : end + 1;
        }
        return start;
    }

    /** The end of the comment or string that starts here; a prefix such as r does not change where a string ends. */
    private static int endOfToken(String text, int start) {
        char c = text.charAt(start);
        if (c == '#') {
            int end = text.indexOf('\n', start);
            return end < 0 ? text.length() : end;
        }
        String triple = String.valueOf(c).repeat(3);
        String quote = text.startsWith(triple, start) ? triple : String.valueOf(c);
        int i = start + quote.length();
        while (i < text.length() && !text.startsWith(quote, i)) {
            i += text.charAt(i) == '\\' ? 2 : 1;
        }
        return Math.min(text.length(), i + quote.length());
    }
}
