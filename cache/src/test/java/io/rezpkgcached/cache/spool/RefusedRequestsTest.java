package io.rezpkgcached.cache.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.layout.StateFile;
import io.rezpkgcached.cache.posix.Posix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RefusedRequestsTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    @TempDir
    Path folder;

    private Path refused;
    private RefusedRequests requests;

    @BeforeEach
    void makeFolders() throws IOException {
        refused = Files.createDirectory(folder.resolve("refused"));
        requests = new RefusedRequests(refused, InstantSource.fixed(NOW), 3);
    }

    private Path request(String name) throws IOException {
        return Files.writeString(folder.resolve(name), "x");
    }

    private List<Map<String, Object>> kept() throws IOException {
        List<Map<String, Object>> kept = new ArrayList<>();
        try (Stream<Path> paths = Files.list(refused)) {
            for (Path path : paths.sorted().toList()) {
                if (Files.isRegularFile(path)) {
                    kept.add(StateFile.read(path).orElseThrow());
                }
            }
        }
        return kept;
    }

    private static Map<String, Object> note(String reason, String file, String content) {
        Map<String, Object> note = new LinkedHashMap<>();
        note.put("reason", reason);
        note.put("file", file);
        note.put("owner", 1000L);
        note.put("time", NOW.toString());
        note.put("content", content);
        return note;
    }

    @Test
    void refuse_file_keptWithReasonAndTakenOut() throws IOException {
        Path request = request("foo.json");
        assertEquals(0, requests.refuse(request, "x", 1000, "not a handle"));
        assertEquals(List.of(note("not a handle", "foo.json", "x")), kept());
        assertTrue(Files.notExists(request));
    }

    @Test
    void refuse_sameContentAgain_keptOnce() throws IOException {
        requests.refuse(request("a"), "x", 1000, "first");
        requests.refuse(request("b"), "x", 1000, "second");
        assertEquals(List.of(note("second", "b", "x")), kept());
        requests.refuse(request("c"), "", 1000, "first");
        requests.refuse(request("d"), "", 1000, "first");
        requests.refuse(request("e"), "", 1000, "second");
        assertEquals(3, kept().size());
    }

    @Test
    void refuse_longContent_onlyItsBeginning() throws IOException {
        requests.refuse(request("a"), "y".repeat(200_000), 1000, "long");
        assertEquals(List.of(note("long", "a", "y".repeat(65_536))), kept());
    }

    @Test
    void refuse_moreThanKept_theOldestGo() throws IOException {
        for (int i = 0; i < 5; i++) {
            int expected = i < 3 ? 0 : 1;
            assertEquals(expected, requests.refuse(request("r" + i), "content " + i, 1000, "bad"));
            try (Stream<Path> paths = Files.list(refused)) {
                for (Path path : paths.toList()) {
                    String content = StateFile.read(path).orElseThrow().get("content").toString();
                    long number = Long.parseLong(content.substring("content ".length()));
                    Files.setLastModifiedTime(path, FileTime.from(NOW.minusSeconds(3600 - number)));
                }
            }
        }
        assertEquals(List.of("content 2", "content 3", "content 4"),
                kept().stream().map(note -> note.get("content").toString()).sorted().toList());
    }

    private long foldersKept() throws IOException {
        try (Stream<Path> paths = Files.list(refused)) {
            return paths.filter(Files::isDirectory).count();
        }
    }

    @Test
    void refuse_folderOfAnotherUser_isDeletedWithAllInIt() throws IOException {
        Path request = Files.createDirectory(folder.resolve("folder"));
        Files.writeString(Files.createDirectories(request.resolve("a/b")).resolve("inside"), "x");
        requests.refuse(request, "", Posix.geteuid() + 1, "it is a folder");
        assertTrue(Files.notExists(request));
        assertEquals(1, kept().size());
        assertEquals(0, foldersKept());
    }

    @Test
    void refuse_manyFolders_keepsTheLatestTen() throws IOException {
        for (int i = 0; i < 12; i++) {
            requests.refuse(Files.createDirectory(folder.resolve("folder" + i)), "", Posix.geteuid(), "folder " + i);
        }
        assertEquals(10, foldersKept());
    }

    @Test
    void refuse_folder_movedAsItIs() throws IOException {
        Path request = Files.createDirectory(folder.resolve("folder"));
        Files.writeString(request.resolve("inside"), "missed by somebody");
        requests.refuse(request, "", Posix.geteuid(), "it is a folder");
        assertTrue(Files.notExists(request));
        assertEquals(List.of("it is a folder"), kept().stream().map(note -> note.get("reason")).toList());
        try (Stream<Path> paths = Files.list(refused)) {
            Path moved = paths.filter(Files::isDirectory).findFirst().orElseThrow();
            assertTrue(moved.getFileName().toString().matches("folder-[0-9a-f]{32}"), moved.toString());
            assertEquals("missed by somebody", Files.readString(moved.resolve("inside")));
        }
    }

    @Test
    void refuse_linkToAFolder_onlyTheLinkGoes() throws IOException {
        Path target = Files.createDirectory(folder.resolve("target"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), target);
        requests.refuse(link, target.toString(), 1000, "it is a symbolic link");
        assertTrue(Files.notExists(link, LinkOption.NOFOLLOW_LINKS));
        assertTrue(Files.isDirectory(target));
    }

    @Test
    void refuse_vanished_keptAllTheSame() throws IOException {
        requests.refuse(folder.resolve("gone"), "x", 1000, "bad");
        assertEquals(List.of(note("bad", "gone", "x")), kept());
    }
}
