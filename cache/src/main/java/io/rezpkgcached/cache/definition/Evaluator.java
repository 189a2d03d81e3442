package io.rezpkgcached.cache.definition;

import io.rezpkgcached.cache.json.Json;
import io.rezpkgcached.cache.json.JsonException;
import io.rezpkgcached.cache.layout.StateFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Asks a Python interpreter that has rez for the attributes of a package, in a process of its own.
 *
 * <p>The process runs what the package's definition says, with this process's rights and environment, and without standard input. It is
 * dead when {@link #evaluate} returns, with the children that it still has.
 */
public final class Evaluator {
    private static final int MAX_OUTPUT = 1 << 20;
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final String PROGRAM = program();

    private final List<String> command;
    private final Duration limit;

    /**
     * An evaluator that runs {@code command}, such as {@code rez-python}, with arguments of ours after it.
     *
     * @param limit how long it may take
     */
    public Evaluator(List<String> command, Duration limit) {
        this.command = List.copyOf(command);
        this.limit = Objects.requireNonNull(limit, "limit");
        if (command.isEmpty() || !limit.isPositive()) {
            throw new IllegalArgumentException("an evaluator needs a command and time: " + command + ", " + limit);
        }
    }

    /** The attributes that the package has, of those that a {@link Definition} is made of. */
    Map<String, Object> evaluate(Path location, String name, Optional<String> version)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(location.toString(), name));
        version.ifPresent(arguments::add);
        return run(PROGRAM, arguments, System.getenv());
    }

    /**
     * Runs a program in Python, which may import rez, and which prints a JSON object.
     *
     * @param variables its environment
     * @throws IOException if it fails, prints anything else, or takes too long
     */
    public Map<String, Object> run(String program, List<String> arguments, Map<String, String> variables)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(command);
        words.addAll(List.of("-c", program));
        words.addAll(arguments);
        Process process;
        try {
            ProcessBuilder builder = new ProcessBuilder(words);
            builder.environment().clear();
            builder.environment().putAll(variables);
            process = builder.start();
        } catch (IOException e) {
            throw new IOException("the evaluator cannot be run: " + e.getMessage(), e);
        }
        try {
            process.getOutputStream().close();
            return answer(process);
        } finally {
            kill(process);
        }
    }

    private Map<String, Object> answer(Process process) throws IOException, InterruptedException {
        Output out = new Output(process.getInputStream(), process, "evaluator-output");
        Output err = new Output(process.getErrorStream(), process, "evaluator-errors");
        if (!process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new IOException("the evaluator took longer than " + limit.toMillis() + " ms: " + command.getFirst());
        }
        String said = out.text();
        String complaint = err.text();
        if (said.length() > MAX_OUTPUT || complaint.length() > MAX_OUTPUT) {
            throw new IOException(
                    "the evaluator printed more than " + MAX_OUTPUT + " characters: " + command.getFirst());
        }
        if (process.exitValue() != 0) {
            throw new IOException(
                    "the evaluator failed with status " + process.exitValue() + ": "
                            + complaint.strip().lines().reduce("", (_, last) -> last));
        }
        return parse(said);
    }

    private static Map<String, Object> parse(String said) throws IOException {
        try {
            return StateFile.object(Json.read(said.getBytes(StandardCharsets.UTF_8)))
                    .orElseThrow(() -> new IOException("the evaluator did not print a JSON object"));
        } catch (JsonException e) {
            throw new IOException("the evaluator printed what is no JSON: " + e.getMessage(), e);
        }
    }

    private static void kill(Process process) {
        // The children first: once their parent is dead nobody knows them.
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
    }

    private static String program() {
        try (InputStream in = Evaluator.class.getResourceAsStream("evaluate.py")) {
            return new String(Objects.requireNonNull(in, "evaluate.py").readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a process prints on one stream, read beside it as it would wait for a reader otherwise. */
    private static final class Output {
        private final Thread reader;
        private byte[] bytes = {};

        Output(InputStream stream, Process process, String name) {
            reader = Thread.ofVirtual().name(name).start(() -> read(stream, process));
        }

        private void read(InputStream stream, Process process) {
            try {
                bytes = stream.readNBytes(MAX_OUTPUT + 1);
            } catch (IOException e) {
                // The process was killed: its streams close under the reader, and its output is of no use.
                return;
            }
            if (bytes.length > MAX_OUTPUT) {
                kill(process);
            }
        }

        String text() throws IOException, InterruptedException {
            // A process that the command left behind may hold the stream open.
            if (!reader.join(GRACE)) {
                throw new IOException("the evaluator's output does not end, though the evaluator has");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }
}
