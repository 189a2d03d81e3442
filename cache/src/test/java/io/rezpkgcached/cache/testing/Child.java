package io.rezpkgcached.cache.testing;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program in a process of its own, which is killed when the test ends, if it has not ended by then. */
public final class Child implements AutoCloseable {
    private static final int SECONDS = 60;

    private final Process process;
    private final BufferedReader out;

    private Child(Process process) {
        this.process = process;
        this.out = process.inputReader(StandardCharsets.UTF_8);
    }

    /** How a program ended. */
    public record Ended(int exitCode, String out, String err) {}

    /** The command that runs {@code main} of a class in a JVM like this one. */
    public static List<String> java(Class<?> program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m", "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                program.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Starts a command; its standard error goes to that of the tests. */
    public static Child start(List<String> command) throws IOException {
        return new Child(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    /** Runs a command to its end. */
    public static Ended run(List<String> command, Map<String, String> environment, byte[] input)
            throws IOException, InterruptedException {
        Path err = Files.createTempFile("child", ".err");
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            try (var in = process.getOutputStream()) {
                in.write(input);
            } catch (IOException _) {
                // it has ended without reading
            }
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Ended(process.waitFor(), out, Files.readString(err));
        } finally {
            Files.delete(err);
        }
    }

    public long pid() {
        return process.pid();
    }

    /** The next line that it prints, or null at the end. */
    public String line() throws IOException {
        return out.readLine();
    }

    /** Ends its standard input, and waits until it has ended; what it printed. */
    public List<String> finish() throws IOException, InterruptedException {
        process.getOutputStream().close();
        List<String> lines = out.lines().toList();
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
            fail("still running after " + SECONDS + " s: " + process);
        }
        return lines;
    }

    /** Kills it, so that it can do nothing more, and waits until it is gone. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
