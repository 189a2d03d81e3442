package io.rezpkgcached.cache.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.rezpkgcached.cache.handle.Handle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IndexFileTest {
    private static final Handle FOO = Handle.of("/svr/packages", "foo", Optional.of("1.0"), OptionalInt.of(2));
    private static final Handle BAR = Handle.of("/svr/packages", "bar", Optional.empty(), OptionalInt.empty());

    @TempDir
    Path folder;

    private Optional<Handle> read(String text) throws IOException {
        return IndexFile.read(Files.writeString(folder.resolve("a.json"), text));
    }

    @Test
    void text_withAndWithoutIndex_dataOnlyWithIndex() {
        assertEquals(
                "{\"handle\": {\"key\": \"filesystem.variant\", \"variables\": {\"repository_type\": \"filesystem\","
                        + " \"location\": \"/svr/packages\", \"name\": \"foo\", \"version\": \"1.0\", \"index\": 2}},"
                        + " \"data\": [\"python-3.7\", \"caf\\u00e9\"]}",
                IndexFile.text(FOO, List.of("python-3.7", "café")));
        assertEquals(
                "{\"handle\": {\"key\": \"filesystem.variant\", \"variables\": {\"repository_type\": \"filesystem\","
                        + " \"location\": \"/svr/packages\", \"name\": \"bar\", \"index\": null}}}",
                IndexFile.text(BAR, List.of()));
    }

    @Test
    void read_whatTextMade_theHandle() throws IOException {
        assertEquals(Optional.of(FOO), read(IndexFile.text(FOO, List.of("python-3.7"))));
        assertEquals(Optional.of(BAR), read(IndexFile.text(BAR, List.of())));
        assertEquals(Optional.of(BAR), read(" {\"more\": [1], \"handle\": " + BAR.toJson() + ", \"x\": {}}\n"));
    }

    @Test
    void read_cutAnywhere_empty() throws IOException {
        String whole = IndexFile.text(FOO, List.of("python-3.7"));
        for (int length = 0; length < whole.length(); length++) {
            assertEquals(Optional.empty(), read(whole.substring(0, length)), "length " + length);
        }
    }

    @Test
    void read_noIndex_empty() throws IOException {
        for (String text : List.of("null", "[]", "\"handle\"", "{}", "{\"handle\": null}", "{\"handle\": []}",
                FOO.toJson(), "{\"handle\": {\"key\": \"filesystem.variant\"}}", "\0\0\0\0", "{\"handle\": "
                        + FOO.toJson().replace("foo", "../foo") + "}",
                "[".repeat(100_000))) {
            assertEquals(Optional.empty(), read(text), text.substring(0, Math.min(50, text.length())));
        }
    }

    @Test
    void read_absent_thrown() {
        assertThrows(NoSuchFileException.class, () -> IndexFile.read(folder.resolve("a.json")));
    }
}
