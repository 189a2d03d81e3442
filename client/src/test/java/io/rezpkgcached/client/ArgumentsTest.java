package io.rezpkgcached.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
    @Test
    void parse_commandLines_whatTheyAskFor() throws UsageException {
        assertEquals(new Arguments.ListVariants(Optional.empty()), Arguments.parse());
        assertEquals(new Arguments.ListVariants(Optional.of(Path.of("dir"))), Arguments.parse("dir"));
        assertEquals(new Arguments.Help(), Arguments.parse("dir", "-h"));
        assertEquals(new Arguments.Help(), Arguments.parse("--help"));
        assertEquals(new Arguments.Enqueue(Optional.empty(), List.of("a", "-", "b")),
                Arguments.parse("enqueue", "a", "-", "b"));
        assertEquals(new Arguments.Enqueue(Optional.of(Path.of("c")), List.of("a", "b")),
                Arguments.parse("enqueue", "a", "--cache", "c", "b"));
    }

    @Test
    void parse_wrong_saysWhat() {
        assertEquals("unrecognized arguments: --nope", message("--nope"));
        assertEquals("unrecognized arguments: -", message("-"));
        assertEquals("unrecognized arguments: two", message("one", "two"));
        assertEquals("unrecognized arguments: --daemon", message("enqueue", "x", "--daemon"));
        assertEquals("enqueue needs a variant or a context", message("enqueue", "--cache", "c"));
        assertEquals("--cache needs a directory", message("enqueue", "x", "--cache"));
    }

    private static String message(String... words) {
        return assertThrows(UsageException.class, () -> Arguments.parse(words)).getMessage();
    }
}
