package io.rezpkgcached.cache.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.rezpkgcached.cache.testing.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OurFolderTest {
    @TempDir
    Path cache;

    private CacheLayout layout;

    @BeforeEach
    void openCache() throws IOException {
        layout = CacheLayout.of(cache);
    }

    /** Prepares the cache that it is given. */
    static final class Program {
        private Program() {}

        public static void main(String[] words) throws IOException {
            OurFolder.prepare(CacheLayout.of(Path.of(words[0])));
        }
    }

    private Map<String, String> modes(Path folder) throws IOException {
        Map<String, String> modes = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                if (Files.isDirectory(path)) {
                    modes.put(layout.sys().relativize(path).toString(),
                            PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
                }
            }
        }
        return modes;
    }

    private static Map<String, String> expected() {
        Map<String, String> modes = new TreeMap<>();
        modes.put("rez-pkg-cached", "rwxr-xr-x");
        for (String name : List.of("staging", "incoming", "refused", "failed", "deferred", "records")) {
            modes.put("rez-pkg-cached/" + name, "rwx------");
        }
        modes.put("rez-pkg-cached/prefetch", "rwxr-xr-x"); // whoever waits for one of them may see it
        return modes;
    }

    @Test
    void prepare_anyUmask_ourFoldersHaveTheirModes() throws Exception {
        for (String umask : List.of("000", "077")) {
            Path made = Files.createDirectory(cache.resolve("cache-" + umask));
            List<String> command = new java.util.ArrayList<>(
                    List.of("sh", "-c", "umask " + umask + "; exec \"$@\"", "sh"));
            command.addAll(Child.java(Program.class, made.toString()));
            assertEquals(new Child.Ended(0, "", ""), Child.run(command, Map.of(), new byte[0]));
            layout = CacheLayout.of(made);
            assertEquals(expected(), modes(layout.ours()), umask);
            assertEquals("1\n", Files.readString(layout.format()));
        }
    }

    @Test
    void prepare_again_mendsModesAndKeepsContent() throws IOException {
        OurFolder.prepare(layout);
        Path kept = Files.writeString(layout.records().resolve("kept"), "content");
        Files.setPosixFilePermissions(layout.records(), PosixFilePermissions.fromString("rwxrwxrwx"));
        OurFolder.prepare(layout);
        assertEquals(expected(), modes(layout.ours()));
        assertEquals("content", Files.readString(kept));
        assertEquals(List.of(true, true, true), Stream.of(layout.pending(), layout.toDelete(), layout.log())
                .map(Files::isDirectory).toList());
    }

    @Test
    void prepare_format_newerAndOtherRefusedEmptyMended() throws IOException {
        OurFolder.prepare(layout);
        Files.writeString(layout.format(), "2\n");
        assertEquals("cache " + cache + " was used by a newer rez-pkg-cached (format 2, this one knows 1): run that"
                + " one, or remove " + layout.ours(), message());
        Files.writeString(layout.format(), "one");
        assertEquals(layout.format() + " holds \"one\", which is not the number of a format; remove "
                + layout.ours() + " if no daemon uses it", message());
        Files.writeString(layout.format(), "");
        OurFolder.prepare(layout);
        assertEquals("1\n", Files.readString(layout.format()));
        Files.writeString(layout.format(), " 1 ");
        OurFolder.prepare(layout);
        assertEquals(" 1 ", Files.readString(layout.format()));
    }

    @Test
    void prepare_newerFormat_makesNoFolders() throws IOException {
        Files.createDirectories(layout.ours());
        Files.writeString(layout.format(), "2");
        message();
        assertEquals(Map.of("rez-pkg-cached", "rwxr-xr-x"), modes(layout.ours()));
    }

    private String message() {
        return assertThrows(IOException.class, () -> OurFolder.prepare(layout)).getMessage();
    }

    @Test
    void sweep_temporaryNames_onlyTheyGo() throws IOException {
        OurFolder.prepare(layout);
        for (Path folder : List.of(layout.refused(), layout.failed(), layout.deferred(), layout.records(),
                layout.staging(), layout.pending())) {
            Files.writeString(folder.resolve(".x.json-1"), "{");
            Files.writeString(folder.resolve("x.json"), "{}");
        }
        OurFolder.sweep(layout);
        List<String> left;
        try (Stream<Path> paths = Files.walk(layout.sys())) {
            left = paths.filter(path -> path.getFileName().toString().startsWith(".x"))
                    .map(path -> layout.sys().relativize(path).toString()).sorted().toList();
        }
        // Not those of a copy, nor in rez's own folder, where every name is a request.
        assertEquals(List.of("pending/.x.json-1", "rez-pkg-cached/staging/.x.json-1"), left);
        OurFolder.sweep(CacheLayout.of(Files.createDirectory(cache.resolve("other"))));
    }

    @Test
    void sweep_requestBeingWritten_isLeftForAMinute() throws IOException {
        OurFolder.prepare(layout);
        Path fresh = Files.writeString(layout.incoming().resolve("fresh"), "{");
        Path old = Files.writeString(layout.incoming().resolve("old"), "{");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(61)));
        OurFolder.sweep(layout);
        assertEquals(List.of(fresh), CacheWalk.children(layout.incoming()));
    }

    @Test
    void sweep_requestOfAnotherUserBeingWritten_isLeftForAMinute() throws IOException {
        OurFolder.prepare(layout);
        Path fresh = Files.writeString(layout.requestBeingWritten("fresh"), "{");
        Path old = Files.writeString(layout.requestBeingWritten("old"), "{");
        Path folder = Files.createDirectory(layout.requestBeingWritten("folder"));
        Files.createFile(folder.resolve("file"));
        Path lock = Files.createFile(layout.sys().resolve("host-1"));
        for (Path aged : List.of(old, folder, lock)) {
            Files.setLastModifiedTime(aged, FileTime.from(Instant.now().minusSeconds(61)));
        }
        OurFolder.sweep(layout);
        assertEquals(List.of(true, false, true, true),
                List.of(Files.exists(fresh), Files.exists(old), Files.exists(folder), Files.exists(lock)));
    }

    @Test
    void of_noDirectory_refused() throws IOException {
        Path file = Files.createFile(cache.resolve("file"));
        assertEquals(file.toString(),
                assertThrows(NotDirectoryException.class, () -> CacheLayout.of(file)).getMessage());
        assertThrows(NotDirectoryException.class, () -> CacheLayout.of(cache.resolve("absent")));
    }
}
