package io.rezpkgcached.settings;

import java.util.regex.Pattern;

/**
 * Python's {@code str.format} so far as settings use it: {@code {system.X}}, and doubled braces for single ones.
 *
 * <p>A conversion, a format specification or a number in a field is refused: it is an error in rez too, or says something that only
 * Python could work out.
 */
final class SystemFormat {

    private static final Pattern KEY_END = Pattern.compile("[.\\[]");
    private static final Pattern NUMBER = Pattern.compile("[0-9]+");
    private static final Pattern CONVERTED = Pattern.compile("[:!]");

    private SystemFormat() {}

    static String format(String text, SystemFacts facts) throws BadValue {
        if (text.indexOf('{') < 0 && text.indexOf('}') < 0) {
            return text;
        }
        StringBuilder result = new StringBuilder();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c != '{' && c != '}') {
                result.append(c);
                i++;
            } else if (i + 1 < text.length() && text.charAt(i + 1) == c) {
                result.append(c);
                i += 2;
            } else if (c == '}') {
                throw new BadValue("has a } without a {, in \"" + text + "\"; write }} for the character itself");
            } else {
                int end = end(text, i);
                result.append(field(text.substring(i + 1, end), facts));
                i = end + 1;
            }
        }
        return result.toString();
    }

    private static int end(String text, int start) throws BadValue {
        int depth = 0;
        for (int i = start; i < text.length(); i++) {
            if (text.charAt(i) == '{') {
                depth++;
            } else if (text.charAt(i) == '}' && --depth == 0) {
                return i;
            }
        }
        throw new BadValue("has a { without a }, in \"" + text + "\"; write {{ for the character itself");
    }

    private static String field(String name, SystemFacts facts) throws BadValue {
        String key = KEY_END.split(name, 2)[0];
        if (key.isEmpty() || name.equals("system") || NUMBER.matcher(key).matches() || CONVERTED.matcher(name).find()) {
            throw new BadValue("has {" + name + "}, which cannot be expanded; write {{ and }} for the characters");
        }
        if (name.startsWith("system.")) {
            return facts.get(name.substring("system.".length())).orElse("{" + name + "}");
        }
        return "{" + name + "}";
    }
}
