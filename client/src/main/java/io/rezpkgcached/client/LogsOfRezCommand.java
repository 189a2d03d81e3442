package io.rezpkgcached.client;

import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.log.LogFolder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Prints the logs as rez does ({@code view_file_logs}), each line in the colour of its level at a terminal. */
final class LogsOfRezCommand {
    private static final int LEVEL_WORD = 4;

    private final Session session;
    private final CacheLayout layout;

    LogsOfRezCommand(Session session, CacheLayout layout) {
        this.session = session;
        this.layout = layout;
    }

    int run() throws IOException {
        List<Path> files = new LogFolder(layout.log()).files();
        if (files.isEmpty()) {
            session.err().println("No logs.");
        }
        Optional<Terminal.Style> style = Optional.empty();
        for (Path file : files) {
            // Bytes that are no UTF-8 are replaced, not refused.
            try (BufferedReader lines = new BufferedReader(
                    new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    String text = line.stripTrailing();
                    Optional<Terminal.Style> own = style(text);
                    style = own.isPresent() ? own : style; // lines of a stack trace look as the one before them
                    session.out().println(style.isPresent() ? session.styled(style.get(), text) : text);
                }
            }
        }
        return ExitCode.OK;
    }

    private static Optional<Terminal.Style> style(String line) {
        String[] words = line.strip().split("\\s+", LEVEL_WORD + 2);
        return words.length <= LEVEL_WORD ? Optional.empty() : switch (words[LEVEL_WORD]) {
            case "DEBUG" -> Optional.of(Terminal.Style.BLUE);
            case "INFO" -> Optional.of(Terminal.Style.GREEN);
            case "WARNING" -> Optional.of(Terminal.Style.YELLOW);
            case "ERROR" -> Optional.of(Terminal.Style.RED);
            default -> Optional.empty();
        };
    }
}
