package io.rezpkgcached.client;

import io.rezpkgcached.cache.log.LogFolder;
import io.rezpkgcached.client.syntax.Command;
import io.rezpkgcached.client.syntax.Operands;
import io.rezpkgcached.client.syntax.Option;
import io.rezpkgcached.client.syntax.Parsed;
import io.rezpkgcached.client.syntax.UsageException;
import io.rezpkgcached.settings.SettingsException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Prints the log, and follows it. */
final class LogsCommand implements Action {
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);
    private static final Option FOLLOW = Option.flag("go on with what is logged later, until Ctrl-C", "-f", "--follow");
    private static final Option LINES = Option.one("LINES", "print the last lines only", "-n", "--lines");

    static final Command DECLARATION = new Command(Commands.PROGRAM, "logs", "print the log, and follow it",
            "Print the log of a package cache, what rez wrote and what the daemon did, day by day.",
            List.of(Sources.CACHE, FOLLOW, LINES), Operands.NONE,
            List.of(new Command.Example("rez-pkg-cache logs -n 20 -f", "watch what is being cached")),
            List.of(new Command.Exit(ExitCode.OK, "printed"),
                    new Command.Exit(ExitCode.FAILURE, "the log cannot be read"),
                    new Command.Exit(ExitCode.USAGE, "bad command line"),
                    new Command.Exit(ExitCode.INTERRUPTED, "interrupted")));

    /** How far each file was printed. */
    private final Map<Path, Long> printed = new HashMap<>();

    @Override
    public Command declaration() {
        return DECLARATION;
    }

    @Override
    public int run(Parsed words, Session session)
            throws UsageException, SettingsException, IOException, InterruptedException {
        LogFolder folder = new LogFolder(session.cache(words.value(Sources.CACHE)).log());
        List<String> lines = news(folder);
        int most = words.has(LINES) ? number(words.value(LINES).orElseThrow()) : lines.size();
        lines.subList(Math.max(0, lines.size() - most), lines.size()).forEach(session.out()::println);
        if (lines.isEmpty() && !words.has(FOLLOW)) {
            session.err().println("No logs.");
        }
        while (words.has(FOLLOW)) {
            session.out().flush();
            if (session.out().checkError()) {
                return ExitCode.IO; // whoever read it has gone
            }
            Thread.sleep(LOOK_EVERY);
            news(folder).forEach(session.out()::println);
        }
        return ExitCode.OK;
    }

    /** Whole lines that have not been returned yet, the older files first. */
    List<String> news(LogFolder folder) throws IOException {
        List<String> lines = new ArrayList<>();
        List<Path> files = new ArrayList<>(folder.files());
        files.sort(Comparator.naturalOrder()); // by day
        for (Path file : files) {
            try {
                lines.addAll(news(file));
            } catch (NoSuchFileException | java.io.FileNotFoundException _) {
                printed.remove(file); // expired
            }
        }
        return lines;
    }

    private List<String> news(Path file) throws IOException {
        long size = Files.size(file);
        long from = printed.getOrDefault(file, 0L);
        if (size < from) {
            from = 0; // it is another file by the same name
        }
        if (size == from) {
            return List.of();
        }
        byte[] bytes = new byte[Math.toIntExact(Math.min(size - from, Integer.MAX_VALUE - 8))];
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            in.seek(from);
            in.readFully(bytes);
        }
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--; // a line that is not complete yet
        }
        printed.put(file, from + end);
        return new String(bytes, 0, end, StandardCharsets.UTF_8).lines().toList();
    }

    private static int number(String text) throws UsageException {
        try {
            return Integer.parseUnsignedInt(text);
        } catch (NumberFormatException _) {
            throw new UsageException("argument -n/--lines: not a number: '" + text + "'");
        }
    }
}
