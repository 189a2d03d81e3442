package io.rezpkgcached.integration;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A command that has run to its end: its exit status and what it printed. */
record Run(int status, String out, String err) {
    private static final Duration USUAL = Duration.ofSeconds(60);

    /** Runs a command in a folder, with nothing in its environment but the variables given. */
    static Run of(Path folder, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        return within(USUAL, folder, environment, command);
    }

    /** Runs a command that may take longer. */
    static Run within(Duration limit, Path folder, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile("run", ".out");
        Path err = Files.createTempFile("run", ".err");
        try {
            Process process = builder(folder, environment, command).redirectOutput(out.toFile())
                    .redirectError(err.toFile()).start();
            process.getOutputStream().close();
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("still running after " + limit.toSeconds() + " s: " + command);
            }
            return new Run(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8),
                    Files.readString(err, StandardCharsets.UTF_8));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    static ProcessBuilder builder(Path folder, Map<String, String> environment, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command)).directory(folder.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder;
    }
}
