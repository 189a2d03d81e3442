package io.rezpkgcached.client;

import java.util.ArrayList;
import java.util.List;

/** Rows of words as rez prints them: each column as wide as its widest word, two spaces between, none at the end. */
final class Columns {
    private Columns() {}

    static List<String> lines(List<List<String>> rows) {
        int columns = rows.isEmpty() ? 0 : rows.getFirst().size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], width(row.get(i)));
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            lines.add(line(row, widths));
        }
        return lines;
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            boolean last = i == row.size() - 1;
            line.append(row.get(i)).append(" ".repeat(last ? 0 : widths[i] - width(row.get(i)) + 2));
        }
        return line.toString();
    }

    /** Python's len of a str. */
    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }
}
