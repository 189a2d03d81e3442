package io.rezpkgcached.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program of ours in a process of its own; killed when it is closed. */
final class Child implements AutoCloseable {
    private final Process process;
    private final Path output;

    private Child(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /**
     * Starts {@code main} of a class.
     *
     * @param home   for its home directory and its output
     * @param before words before {@code java}, such as another program that runs it
     */
    static Child start(Path home, List<String> before, Class<?> program, List<String> words) throws IOException {
        return start(home, before, program, words, Map.of());
    }

    /** The same with variables beside those that every child has. */
    static Child start(Path home, List<String> before, Class<?> program, List<String> words,
            Map<String, String> variables) throws IOException {
        List<String> command = new ArrayList<>(before);
        // A build that a shell runs in the background has signals ignored, and so would all that it starts.
        command.addAll(List.of("env", "--default-signal=INT,HUP"));
        // Surefire starts the tests with a jar that only names the others.
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m",
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED",
                "-Duser.home=" + home, "-cp", classPath,
                program.getName()));
        command.addAll(words);
        return start(home, command, variables);
    }

    /** Starts a command. */
    static Child start(Path home, List<String> command) throws IOException {
        return start(home, command, Map.of());
    }

    private static Child start(Path home, List<String> command, Map<String, String> variables) throws IOException {
        Path output = Files.createTempFile(home, "output-", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile()).redirectErrorStream(true)
                .redirectInput(new File("/dev/null")).redirectOutput(output.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("REZ_"));
        builder.environment().keySet().removeAll(List.of("NOTIFY_SOCKET", "WATCHDOG_USEC", "JOURNAL_STREAM"));
        builder.environment().putAll(variables);
        builder.environment().put("HOME", home.toString());
        builder.environment().put("LC_ALL", "C.UTF-8");
        return new Child(builder.start(), output);
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** All that it has written so far, on both streams. */
    String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it has written something. */
    void awaitOutput(String text) throws Exception {
        Await.until("output has: " + text, Await.LONG, this::output, () -> {
            boolean alive = isAlive();
            boolean found = output().contains(text);
            assertTrue(found || alive, () -> "ended without writing \"" + text + "\":\n" + output());
            return found;
        });
    }

    /** Waits until it serves. */
    Child awaitStart() throws Exception {
        awaitOutput("Started daemon");
        return this;
    }

    void signal(String name) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).inheritIO().start();
        assertEquals(0, kill.waitFor());
    }

    /** Its exit status. */
    int awaitExit(Duration atMost) throws Exception {
        assertTrue(process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS), () -> "still runs after " + atMost + ":\n"
                + output());
        return process.exitValue();
    }

    /** Kills it, so that it can do nothing more. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Ends a daemon as an administrator does. */
    void stop() throws Exception {
        signal("TERM");
        int status = awaitExit(Duration.ofSeconds(12));
        assertEquals(0, status, this::output);
    }

    @Override
    public void close() {
        kill();
    }
}
