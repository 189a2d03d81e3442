package io.rezpkgcached.client;

import io.rezpkgcached.cache.posix.Posix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * What is known of the terminals of this process. Asked of {@code /proc}, since {@code System.console()} takes ten
 * times as long as the whole listing.
 */
final class Terminal {
    private static final int USUAL_WIDTH = 80;

    private Terminal() {}

    /** Whether a descriptor is a terminal: 1 is stdout, 2 is stderr. */
    static boolean is(int descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd", Integer.toString(descriptor))).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException _) {
            return false;
        }
    }

    /**
     * Whether lines are coloured there: rez's setting {@code color_enabled} where it stands in the environment, else as
     * <a href="https://no-color.org">{@code NO_COLOR}</a> says. No configuration file is read for it: that would take longer
     * than a listing.
     */
    static boolean colours(Map<String, String> variables) {
        return switch (variables.getOrDefault("REZ_COLOR_ENABLED", "").toLowerCase(Locale.ROOT)) {
            case "0", "false", "f", "no", "n", "off" -> false;
            case "1", "true", "t", "yes", "y", "on", "force" -> true;
            default -> variables.getOrDefault("NO_COLOR", "").isEmpty();
        };
    }

    /**
     * In columns, as Python asks for it: {@code COLUMNS} where that is exported, else the terminal itself. That is a native
     * call, whose making takes longer than a listing.
     */
    static int width(Map<String, String> variables, int descriptor, boolean isTerminal) {
        int width = 0;
        try {
            width = Integer.parseInt(variables.getOrDefault("COLUMNS", "").strip());
        } catch (NumberFormatException _) {
            // as if there were none
        }
        if (width > 0) {
            return width;
        }
        return isTerminal ? Posix.terminalWidth(descriptor).orElse(USUAL_WIDTH) : USUAL_WIDTH;
    }

    /** The styles that rez uses where nothing else is configured ({@code rezconfig.py}, colorama). */
    enum Style {
        GREEN("32"), YELLOW("33"), RED("31"), BLUE("34"), DIM("2");

        private final String code;

        Style(String code) {
            this.code = code;
        }

        String of(String text) {
            return "\u001b[" + code + "m" + text + "\u001b[0m";
        }
    }
}
