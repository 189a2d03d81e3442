package io.rezpkgcached.cache.definition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluatorTest {
    @TempDir
    private Path repository;

    private Map<String, Object> evaluate(String script, Duration limit) throws IOException, InterruptedException {
        return new Evaluator(List.of("/bin/sh", "-c", script), limit).evaluate(repository, "foo", Optional.of("1.0"));
    }

    private String failure(String script, Duration limit) {
        return assertThrows(IOException.class, () -> evaluate(script, limit)).getMessage();
    }

    private String failure(String script) {
        return failure(script, Duration.ofSeconds(20));
    }

    @Test
    void evaluate_answer_isParsed() throws IOException, InterruptedException {
        Map<String, Object> expected = new HashMap<>();
        expected.put("cachable", null);
        expected.put("variants", List.of(List.of("a"), List.of()));
        expected.put("timestamp", 5L);
        assertEquals(expected,
                evaluate("echo noise >&2; echo '{\"cachable\": null, \"variants\": [[\"a\"], []], \"timestamp\": 5}'",
                        Duration.ofSeconds(20)));
    }

    @Test
    void evaluate_command_getsPackageAsArgumentsAndNoInput() throws IOException, InterruptedException {
        // sh takes '-c' of ours for its $0.
        assertEquals(Map.of("a", List.of(repository.toString(), "foo", "1.0", "")),
                evaluate("shift; printf '{\"a\": [\"%s\", \"%s\", \"%s\", \"%s\"]}' \"$@\" \"$(cat)\"",
                        Duration.ofSeconds(20)));
    }

    @Test
    void evaluate_failure_isOneLine() {
        assertEquals("the evaluator failed with status 3: the last word",
                failure("echo first >&2; echo the last word >&2; exit 3"));
        assertTrue(failure("echo '[]'").contains("JSON"));
        assertTrue(failure("echo '{\"a\":'").contains("JSON"));
        assertTrue(failure("true").contains("JSON"));
        assertTrue(failure("yes").contains("more than"));
        assertTrue(failure("yes >&2").contains("more than"));
        assertTrue(assertThrows(IOException.class,
                () -> new Evaluator(List.of("/nonexistent/python"), Duration.ofSeconds(1))
                        .evaluate(repository, "foo", Optional.empty()))
                .getMessage().contains("cannot be run"));
    }

    @Test
    void evaluate_tooLong_killsProcessAndChildren() throws IOException, InterruptedException {
        Path pids = repository.resolve("pids");
        String message = failure("sleep 1000 & printf '%s\\n' $! $$ > " + pids + "; wait", Duration.ofSeconds(1));
        assertTrue(message.contains("longer than 1000 ms"), message);
        for (String pid : Files.readAllLines(pids)) {
            Optional<ProcessHandle> handle = ProcessHandle.of(Long.parseLong(pid));
            handle.ifPresent(h -> h.onExit().join());
            assertFalse(handle.map(ProcessHandle::isAlive).orElse(false), pid);
        }
    }

    @Test
    void new_noCommandOrNoTime_isRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Evaluator(List.of(), Duration.ofSeconds(1)));
        assertThrows(IllegalArgumentException.class, () -> new Evaluator(List.of("a"), Duration.ZERO));
    }

    @Test
    void read_evaluatorFails_keepsWhatTheFileSays() throws IOException, InterruptedException {
        Path file = Files.createDirectories(repository.resolve("foo")).resolve("package.py");
        Reading.NeedsCode expected = new Reading.NeedsCode(file, 2, "variants",
                "refers to 'a'; the evaluator failed with status 1: no");
        Files.writeString(file, "\nvariants = a\n");
        DefinitionReader reader = new DefinitionReader(
                Optional.of(
                        new Evaluator(Arrays.asList("/bin/sh", "-c", "echo no >&2; exit 1"), Duration.ofSeconds(20))));
        assertEquals(expected, reader.read(repository, "foo", Optional.empty()));
        Files.writeString(file, "variants = [\n");
        assertInstanceOf(Reading.Malformed.class, reader.read(repository, "foo", Optional.empty()));
    }
}
