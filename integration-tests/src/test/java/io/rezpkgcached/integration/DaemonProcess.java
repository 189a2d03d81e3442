package io.rezpkgcached.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Our daemon, started from the distribution folder; stopped, and asked whether it went well, by {@link #close}. */
final class DaemonProcess implements AutoCloseable {
    private static final Duration START_WITHIN = Duration.ofSeconds(30);
    private static final int STOP_WITHIN_SECONDS = 20;

    private final Process process;
    private final Path output;
    private final Path cache;
    private boolean killed;

    private DaemonProcess(Process process, Path output, Path cache) {
        this.process = process;
        this.output = output;
        this.cache = cache;
    }

    /** Starts it and waits until it serves. */
    static DaemonProcess start(Path cache, Path output, Map<String, String> environment, List<String> options)
            throws IOException, InterruptedException {
        return start(Distribution.built(), cache, output, environment, options);
    }

    /** Starts that of another distribution, and waits until it serves. */
    static DaemonProcess start(Distribution distribution, Path cache, Path output, Map<String, String> environment,
            List<String> options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(distribution.daemon().toString()));
        command.addAll(options);
        command.add(cache.toString());
        Process process = Run.builder(cache, environment, command).redirectErrorStream(true)
                .redirectOutput(output.toFile()).start();
        process.getOutputStream().close();
        DaemonProcess daemon = new DaemonProcess(process, output, cache);
        Wait.until(START_WITHIN, "the daemon serves",
                () -> !daemon.lines("Started daemon").isEmpty() || daemon.ended());
        assertTrue(process.isAlive(), () -> "ended at once: " + daemon.printed());
        return daemon;
    }

    private boolean ended() {
        return !process.isAlive();
    }

    private String printed() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            return e.toString();
        }
    }

    long pid() {
        return process.pid();
    }

    /** What it wrote into the cache's log, of all lines those that contain a text. */
    List<String> lines(String text) throws IOException {
        String mine = " PID-" + pid() + " ";
        return log(cache).stream().filter(line -> line.contains(mine) && line.contains(text)).toList();
    }

    /** The log of a cache, rez's lines and ours. */
    static List<String> log(Path cache) throws IOException {
        List<String> lines = new ArrayList<>();
        Path folder = cache.resolve(".sys/log");
        if (Files.isDirectory(folder)) {
            try (var files = Files.list(folder)) {
                for (Path file : files.sorted().toList()) {
                    lines.addAll(Files.readAllLines(file));
                }
            }
        }
        return lines;
    }

    /** Kills it with SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
        killed = true;
    }

    /** Stops it with SIGTERM; it must end well, and must have had no reason to call for a person. */
    @Override
    public void close() throws IOException {
        if (killed) {
            return;
        }
        process.destroy();
        if (!hasEnded()) {
            process.destroyForcibly();
            throw new AssertionError("the daemon did not stop in " + STOP_WITHIN_SECONDS + " s");
        }
        assertEquals(0, process.exitValue(), this::printed);
        assertEquals(List.of(), lines(" ERROR "));
    }

    private boolean hasEnded() throws IOException {
        try {
            return process.waitFor(STOP_WITHIN_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
