package io.rezpkgcached.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process that runs beside the test, and must succeed. */
record Background(String name, Process process, Path output) {
    static Background start(Lab lab, Path cache, String name, List<String> command) throws IOException {
        Path output = Path.of(cache + "." + name.replace(' ', '-'));
        Process process = Run.builder(lab.folder(), lab.environment(cache), command).redirectErrorStream(true)
                .redirectOutput(output.toFile()).start();
        process.getOutputStream().close();
        return new Background(name, process, output);
    }

    void await(Duration limit) throws InterruptedException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(name + " has not ended after " + limit.toSeconds() + " s: " + printed());
        }
        assertEquals(0, process.exitValue(), () -> name + ": " + printed());
    }

    String printed() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
