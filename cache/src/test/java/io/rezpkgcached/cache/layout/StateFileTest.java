package io.rezpkgcached.cache.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.rezpkgcached.cache.testing.Unprivileged;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFileTest {
    @TempDir
    Path folder;

    private List<String> names() throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    /** Tries to write the file that it is given. */
    static final class Program {
        private Program() {}

        public static void main(String[] words) throws IOException {
            try {
                StateFile.write(Path.of(words[0]), Map.of("state", "new"));
            } catch (AccessDeniedException _) {
                System.out.println("denied");
            }
        }
    }

    @Test
    void write_object_readBackAndNothingBeside() throws IOException {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("text", "caf\u00e9 \ud83d\ude00");
        object.put("number", 7L);
        object.put("nothing", null);
        Path file = folder.resolve("x.json");
        StateFile.write(file, Map.of("old", true));
        StateFile.write(file, object);
        assertEquals(Optional.of(object), StateFile.read(file));
        assertEquals(List.of("x.json"), names());
        assertEquals("{\"text\": \"caf\\u00e9 \\ud83d\\ude00\", \"number\": 7, \"nothing\": null}\n",
                Files.readString(file));
    }

    @Test
    void write_folderNotWritable_oldStateStays() throws Exception {
        Path file = folder.resolve("x.json");
        StateFile.write(file, Map.of("state", "old"));
        Unprivileged.own(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
        assertEquals(new Unprivileged.Outcome(0, "denied\n"), Unprivileged.run(Program.class, file.toString()));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertEquals(Optional.of(Map.of("state", "old")), StateFile.read(file));
        assertEquals(List.of("x.json"), names());
    }

    @Test
    void write_renameFails_nothingStaysBeside() throws IOException {
        Path file = Files.createDirectory(folder.resolve("x.json"));
        Files.createFile(file.resolve("inside"));
        assertThrows(FileSystemException.class, () -> StateFile.write(file, Map.of("state", "new")));
        assertEquals(List.of("x.json"), names());
    }

    @Test
    void read_noObject_empty() throws IOException {
        Path file = folder.resolve("x.json");
        assertEquals(Optional.empty(), StateFile.read(file));
        for (String text : List.of("", "{", "[]", "null", "{\"a\": 1} x", "\0\0")) {
            assertEquals(Optional.empty(), StateFile.read(Files.writeString(file, text)), text);
        }
    }
}
