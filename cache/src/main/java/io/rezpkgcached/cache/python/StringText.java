package io.rezpkgcached.cache.python;

import java.util.Locale;
import java.util.Set;

/** The prefixes and escapes of Python's string literals. */
final class StringText {

    private static final Set<String> PREFIXES = Set.of("", "r", "u", "b", "br", "rb", "f", "fr", "rf", "t", "tr", "rt");

    private StringText() {}

    static boolean isPrefix(String name) {
        return name.length() <= 2 && PREFIXES.contains(name.toLowerCase(Locale.ROOT));
    }

    static boolean has(String prefix, char letter) {
        return prefix.toLowerCase(Locale.ROOT).indexOf(letter) >= 0;
    }

    /**
     * The value of a literal's body; null where it is bytes, or holds an escape that this package does not resolve.
     *
     * @throws PythonSyntaxException if an escape is cut short or no character
     */
    static String decode(String prefix, String body, int line) throws PythonSyntaxException {
        if (has(prefix, 'b') || has(prefix, 't')) {
            return null;
        }
        if (has(prefix, 'r') || body.indexOf('\\') < 0) {
            return body;
        }
        StringBuilder out = new StringBuilder(body.length());
        int at = 0;
        while (at < body.length()) {
            char c = body.charAt(at);
            if (c != '\\') {
                out.append(c);
                at++;
                continue;
            }
            char escape = body.charAt(at + 1);
            int digits = switch (escape) {
                case 'x' -> 2;
                case 'u' -> 4;
                case 'U' -> 8;
                default -> 0;
            };
            if (escape == 'N') {
                return null;
            } else if (digits > 0) {
                int codePoint = hex(body, at + 2, digits, line);
                // Two escaped surrogates are two characters to Python and one to Java.
                if (codePoint >= 0xD800 && codePoint <= 0xDFFF) {
                    return null;
                }
                out.appendCodePoint(codePoint);
                at += 2 + digits;
            } else if (escape >= '0' && escape <= '7') {
                int end = at + 1;
                while (end < body.length() && end < at + 4 && body.charAt(end) >= '0' && body.charAt(end) <= '7') {
                    end++;
                }
                out.appendCodePoint(Integer.parseInt(body.substring(at + 1, end), 8));
                at = end;
            } else {
                simple(escape, out);
                at += 2;
            }
        }
        return out.toString();
    }

    private static void simple(char escape, StringBuilder out) {
        switch (escape) {
            case '\n' -> {
            }
            case '\\', '\'', '"' -> out.append(escape);
            case 'a' -> out.append('\u0007');
            case 'b' -> out.append('\b');
            case 'f' -> out.append('\f');
            case 'n' -> out.append('\n');
            case 'r' -> out.append('\r');
            case 't' -> out.append('\t');
            case 'v' -> out.append('\u000b');
            // Python warns of an escape that it does not know, and keeps it.
            default -> out.append('\\').append(escape);
        }
    }

    private static int hex(String body, int from, int digits, int line) throws PythonSyntaxException {
        long value = 0;
        for (int i = from; i < from + digits; i++) {
            int digit = i < body.length() ? Character.digit(body.charAt(i), 16) : -1;
            if (digit < 0 || body.charAt(i) > 'f') {
                throw new PythonSyntaxException(line, "an escape in a string that is cut short");
            }
            value = value * 16 + digit;
        }
        if (value > Character.MAX_CODE_POINT) {
            throw new PythonSyntaxException(line, "an escape in a string that is no character");
        }
        return (int) value;
    }
}
