package io.rezpkgcached.cache.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rezpkgcached.cache.handle.Handle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HashDirectoryTest {
    private static final Handle FOO = Handle.of("/svr/packages", "foo", Optional.of("1.0"), OptionalInt.of(0));

    @TempDir
    Path folder;

    private HashDirectory.Part part(String increment, boolean index, boolean handle, boolean payload, boolean marker) {
        return new HashDirectory.Part(new Entry(folder, increment), index,
                handle ? Optional.of(FOO) : Optional.empty(), payload, marker);
    }

    private void make(String increment, boolean index, boolean payload, boolean marker) throws IOException {
        Entry entry = new Entry(folder, increment);
        if (index) {
            Files.writeString(entry.index(), IndexFile.text(FOO, List.of()));
        }
        if (payload) {
            Files.createDirectory(entry.payload());
        }
        if (marker) {
            Files.createFile(entry.marker());
        }
    }

    @Test
    void read_everyCombination_itsParts() throws IOException {
        make("a", true, true, false);
        make("b", true, true, true);
        make("c", true, false, true);
        make("d", true, false, false);
        make("e", false, true, false);
        make("f", false, false, true);
        make("g", false, true, true);
        make("aa", false, true, false);
        Files.createFile(folder.resolve("h.json"));
        for (String other : List.of("A", "a1", ".json", ".copying-", "notes.json", ".copying-1", "a.json.bak", "é")) {
            Files.createFile(folder.resolve(other));
        }
        HashDirectory read = HashDirectory.read(folder);
        assertEquals(new HashDirectory(folder, List.of(part("a", true, true, true, false),
                part("aa", false, false, true, false), part("b", true, true, true, true),
                part("c", true, true, false, true), part("d", true, true, false, false),
                part("e", false, false, true, false), part("f", false, false, false, true),
                part("g", false, false, true, true), part("h", true, false, false, false),
                part("notes", true, false, false, false))), read);
        assertEquals(List.of("aa", "d", "e", "f", "g", "h", "notes"),
                read.parts().stream().filter(HashDirectory.Part::isBroken).map(part -> part.entry().increment())
                        .toList());
    }

    @Test
    void read_absentOrFile_noParts() throws IOException {
        Path absent = folder.resolve("absent");
        assertEquals(new HashDirectory(absent, List.of()), HashDirectory.read(absent));
        Path file = Files.createFile(folder.resolve("file"));
        assertEquals(new HashDirectory(file, List.of()), HashDirectory.read(file));
    }
}
