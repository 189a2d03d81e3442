package io.rezpkgcached.client.syntax;

import java.util.ArrayList;
import java.util.List;

/** Text in lines no wider than asked, unless a single word is: a path that is broken cannot be copied. */
final class Wrap {
    private Wrap() {}

    /**
     * Fills lines.
     *
     * @param pieces kept whole where a line has room for them, else broken at spaces
     * @param indent of all lines but the first
     */
    static List<String> lines(List<String> pieces, int width, int indent) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        boolean begun = false;
        for (String piece : pieces) {
            for (String word : width(piece) <= width - indent ? List.of(piece) : words(piece)) {
                if (begun && width(line) + 1 + width(word) > width) {
                    lines.add(line.toString());
                    line = new StringBuilder(" ".repeat(indent));
                    begun = false;
                }
                line.append(begun ? " " : "").append(word);
                begun = true;
            }
        }
        if (begun) {
            lines.add(line.toString());
        }
        return lines;
    }

    static List<String> words(String text) {
        return List.of(text.strip().split("\\s+"));
    }

    static int width(CharSequence text) {
        return Character.codePointCount(text, 0, text.length());
    }
}
