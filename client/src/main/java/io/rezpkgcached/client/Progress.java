package io.rezpkgcached.client;

import java.io.PrintStream;
import java.time.Duration;

/**
 * One line at a terminal that tells how far something is, written over again and again. As wide as the terminal at most:
 * what does not fit is left out from the end.
 */
final class Progress implements AutoCloseable {
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB"};
    private static final int UNIT = 1000;
    private static final int WHOLE_FROM = 10;
    private static final int SECONDS = 60;

    private final PrintStream out;
    private final int width;
    private String shown = "";

    /** @param width in columns; one is left free, since terminals wrap when the last one is written to */
    Progress(PrintStream out, int width) {
        this.out = out;
        this.width = Math.max(1, width - 1);
    }

    /** Shows parts in the order of their importance, as many as fit; of the first one its beginning. */
    void show(String... parts) {
        StringBuilder line = new StringBuilder();
        for (String part : parts) {
            int gap = line.isEmpty() ? 0 : 2;
            if (part.isEmpty() || (!line.isEmpty() && line.length() + gap + part.length() > width)) {
                continue;
            }
            line.append(" ".repeat(gap)).append(part);
        }
        if (line.length() > width) {
            line.setLength(width);
        }
        String text = line.toString();
        if (!text.equals(shown)) {
            out.print("\r" + text + " ".repeat(Math.max(0, shown.length() - text.length())));
            out.flush();
            shown = text;
        }
    }

    /** Wipes the line, so that what is printed next stands by itself. */
    void clear() {
        if (!shown.isEmpty()) {
            out.print("\r" + " ".repeat(shown.length()) + "\r");
            out.flush();
            shown = "";
        }
    }

    @Override
    public void close() {
        clear();
    }

    /** Bytes in units of 1000, with two digits or three: {@code 999 B}, {@code 1.5 MB}, {@code 12 GB}. */
    static String bytes(long bytes) {
        double number = bytes;
        int unit = 0;
        while (number >= UNIT - 0.5 && unit < UNITS.length - 1) {
            number /= UNIT;
            unit++;
        }
        long tenths = Math.round(number * 10);
        return unit == 0 || tenths >= WHOLE_FROM * 10
                ? Math.round(number) + " " + UNITS[unit]
                : tenths / 10 + "." + tenths % 10 + " " + UNITS[unit];
    }

    /** {@code 0:07}, {@code 2:30}, {@code 1:00:00}. */
    static String time(Duration duration) {
        long seconds = duration.toSeconds();
        long minutes = seconds / SECONDS;
        String end = ":" + two(seconds % SECONDS);
        return minutes < SECONDS ? minutes + end : minutes / SECONDS + ":" + two(minutes % SECONDS) + end;
    }

    private static String two(long number) {
        return number < 10 ? "0" + number : Long.toString(number);
    }
}
