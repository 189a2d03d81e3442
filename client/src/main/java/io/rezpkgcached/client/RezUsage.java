package io.rezpkgcached.client;

import io.rezpkgcached.client.syntax.UnknownWordsException;
import io.rezpkgcached.client.syntax.UsageException;
import java.util.ArrayList;
import java.util.List;

/** What rez prints of a command line that is wrong, in its words: argparse's, for Python 3.11. */
final class RezUsage {
    private static final String BEFORE = "usage: ";
    private static final List<String> OPTIONS_OF_REZ = List.of("[-h]", "[-i]", "[-V]", "[-v]");
    private static final List<String> WORDS_OF_REZ = List.of("COMMAND", "...");
    private static final List<String> OPTIONS = List.of("[-h]", "[-a URI [URI ...]", "|", "--logs", "|", "-r", "URI",
            "[URI ...]", "|", "--clean]", "[--pkg-cache-mode {sync,async}]",
            "[-c {status,package,variant_uri,orig_path,cache_path}"
                    + " [{status,package,variant_uri,orig_path,cache_path} ...]]",
            "[-f]", "[-v]");
    private static final List<String> WORDS = List.of("[DIR]");
    private static final List<String> OPTIONS_OF_MEMCACHE = List.of("[-h]", "[--flush]", "[--stats]", "[--reset-stats]",
            "[--poll]", "[--interval SECS]", "[--warm]", "[-v]");

    /** Of the width, argparse leaves two columns free, and uses eleven at least. */
    private static final int FREE = 2;
    private static final int NARROWEST = 11;

    private RezUsage() {}

    /** @param width of the terminal, in columns */
    static String of(Program program, UsageException problem, int width) {
        int columns = Math.max(NARROWEST, width - FREE);
        String name = problem instanceof UnknownWordsException ? "rez" : program.ofRez();
        String usage = problem instanceof UnknownWordsException
                ? usage(name, OPTIONS_OF_REZ, WORDS_OF_REZ, columns)
                : program == Program.MEMCACHE
                        ? usage(name, OPTIONS_OF_MEMCACHE, List.of(), columns)
                        : usage(name, OPTIONS, WORDS, columns);
        return usage + name + ": error: " + problem.getMessage();
    }

    /** {@code HelpFormatter._format_usage} */
    private static String usage(String program, List<String> options, List<String> words, int width) {
        List<String> all = new ArrayList<>(options);
        all.addAll(words);
        String line = BEFORE + program + " " + String.join(" ", all);
        if (line.length() <= width) {
            return line + "\n";
        }
        List<String> lines = new ArrayList<>();
        int beginning = BEFORE.length() + program.length();
        if (beginning <= 0.75 * width) {
            String indent = " ".repeat(beginning + 1);
            addLines(lines, options, indent, BEFORE + program, width);
            addLines(lines, words, indent, indent, width);
        } else {
            String indent = " ".repeat(BEFORE.length());
            lines.add(BEFORE + program);
            List<String> together = new ArrayList<>();
            addLines(together, all, indent, indent, width);
            if (together.size() > 1) {
                together.clear();
                addLines(together, options, indent, indent, width);
                addLines(together, words, indent, indent, width);
            }
            lines.addAll(together);
        }
        return String.join("\n", lines) + "\n";
    }

    /** @param first what stands before the first line in place of the indent */
    private static void addLines(List<String> lines, List<String> parts, String indent, String first, int width) {
        StringBuilder line = new StringBuilder(first);
        boolean empty = first.isBlank();
        for (String part : parts) {
            if (!empty && line.length() + 1 + part.length() > width) {
                lines.add(line.toString());
                line = new StringBuilder(indent);
                empty = true;
            }
            line.append(empty ? "" : " ").append(part);
            empty = false;
        }
        if (!empty) {
            lines.add(line.toString());
        }
    }
}
