package io.rezpkgcached.cache.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rezpkgcached.cache.handle.Handle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequestNotesTest {
    private static final Handle FOO = Handle.of("/svr/packages", "foo", Optional.of("1.0"), OptionalInt.of(0));
    private static final Handle BAR = Handle.of("/svr/packages", "bar", Optional.empty(), OptionalInt.empty());

    @TempDir
    Path folder;

    private static RequestNote note(Handle handle, int tries) {
        return new RequestNote(handle, tries, "no \"space\" \u2026", Instant.parse("2026-11-22T12:00:00.000000001Z"));
    }

    @Test
    void put_notes_readBack() throws IOException {
        RequestNotes notes = new RequestNotes(folder);
        notes.put(note(FOO, 1));
        notes.put(note(FOO, 2));
        notes.put(note(BAR, 0));
        assertEquals(Optional.of(note(FOO, 2)), new RequestNotes(folder).get(FOO));
        assertEquals(Set.of(note(FOO, 2), note(BAR, 0)), Set.copyOf(notes.all()));
        notes.remove(FOO);
        notes.remove(FOO);
        assertEquals(Optional.empty(), notes.get(FOO));
        assertEquals(List.of(note(BAR, 0)), notes.all());
    }

    @Test
    void get_corruptFile_absent() throws IOException {
        RequestNotes notes = new RequestNotes(folder);
        notes.put(note(FOO, 3));
        Path file = folder.resolve(FOO.sha1() + ".json");
        String whole = Files.readString(file).strip();
        for (int length = 0; length < whole.length(); length++) {
            Files.writeString(file, whole.substring(0, length));
            assertEquals(Optional.empty(), notes.get(FOO), "length " + length);
        }
        for (String text : List.of(whole.replace("\"tries\": 3", "\"tries\": 99999999999"),
                whole.replace("\"tries\": 3", "\"tries\": \"3\""), whole.replace("2026", "last year"),
                whole.replace("\"foo\"", "\"/foo\""), whole.replace("\"foo\"", "\"bar\""), "[" + whole + "]")) {
            Files.writeString(file, text);
            assertEquals(Optional.empty(), notes.get(FOO), text);
        }
        Files.writeString(file, whole);
        assertEquals(Optional.of(note(FOO, 3)), notes.get(FOO));
    }

    @Test
    void all_noFolder_none() throws IOException {
        assertEquals(List.of(), new RequestNotes(folder.resolve("absent")).all());
    }
}
