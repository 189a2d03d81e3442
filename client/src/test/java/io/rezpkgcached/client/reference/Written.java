package io.rezpkgcached.client.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rezpkgcached.cache.testing.Child;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** What the tests of shells share: a folder with odd names to be completed, and lines that are completed by a real shell. */
final class Written {
    private Written() {}

    static Path odd(Path parent) throws IOException {
        Path folder = Files.createDirectory(parent.resolve("work"));
        Files.createDirectory(folder.resolve("my dir"));
        Files.createFile(folder.resolve("a file.rxt"));
        return folder;
    }

    static Path harness(String name) throws URISyntaxException {
        return Path.of(Objects.requireNonNull(Written.class.getResource("/completion/" + name)).toURI());
    }

    /** The lines that a shell's harness prints for lines; it must not say anything else. */
    static List<String> completed(List<String> command, List<String> lines) throws IOException, InterruptedException {
        List<String> limited = new ArrayList<>(List.of("timeout", "60"));
        limited.addAll(command);
        Child.Ended ended = Child.run(limited, Map.of("LC_ALL", "C.UTF-8", "TERM", "dumb"),
                String.join("\n", lines).concat("\n").getBytes(StandardCharsets.UTF_8));
        assertEquals("0 ", ended.exitCode() + " " + ended.err());
        return ended.out().lines().toList();
    }

    /** Programs that look for mistakes in a file, and find none. */
    static void assertNothingFound(Stream<List<String>> commands) throws IOException, InterruptedException {
        for (List<String> command : commands.toList()) {
            Child.Ended ended = Child.run(command, Map.of("LC_ALL", "C.UTF-8", "MANWIDTH", "80", "TERM", "dumb"),
                    new byte[0]);
            assertEquals("0 ", ended.exitCode() + " " + ended.err(), String.join(" ", command));
        }
    }
}
