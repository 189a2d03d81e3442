package io.rezpkgcached.cache.python;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Text as CPython 3.11 prints it.
 *
 * <p>Source: {@code unicode_repr} in CPython's {@code Objects/unicodeobject.c}. Which characters count as printable
 * depends on the version of Unicode; this is 14.0, that of Python 3.11. A later Python prints the characters that were
 * added since as they are.
 */
public final class PythonText {
    private PythonText() {}

    /** Python's {@code repr(text)} of a {@code str}; a lone surrogate is escaped, so that the result always has UTF-8. */
    public static String repr(String text) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        StringBuilder out = new StringBuilder(text.length() + 2).append(quote);
        int plain = 0;
        while (plain < text.length() && isPlain(text.charAt(plain), quote)) {
            plain++;
        }
        out.append(text, 0, plain); // nearly always all of it
        int c;
        for (int i = plain; i < text.length(); i += Character.charCount(c)) {
            c = text.codePointAt(i);
            append(out, c, quote);
        }
        return out.append(quote).toString();
    }

    /** Python's {@code str(texts)} of a list of {@code str}: {@code ['a', 'b']}. */
    public static String reprList(List<String> texts) {
        return texts.stream().map(PythonText::repr).collect(Collectors.joining(", ", "[", "]"));
    }

    private static boolean isPlain(char c, char quote) {
        return c >= ' ' && c <= '~' && c != quote && c != '\\';
    }

    private static void append(StringBuilder out, int c, char quote) {
        switch (c) {
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                if (c == quote) {
                    out.append('\\').append(quote);
                } else if (isPrintable(c)) {
                    out.appendCodePoint(c);
                } else {
                    out.append(escape(c));
                }
            }
        }
    }

    private static String escape(int c) {
        if (c <= 0xff) {
            return String.format(Locale.ROOT, "\\x%02x", c);
        }
        return String.format(Locale.ROOT, c <= 0xffff ? "\\u%04x" : "\\U%08x", c);
    }

    /** Python's {@code str.isprintable} of one character. */
    static boolean isPrintable(int c) {
        if (c <= '~') {
            return c >= ' ';
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED,
                    Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SPACE_SEPARATOR ->
                false;
            default -> !LaterCharacters.contains(c);
        };
    }
}
