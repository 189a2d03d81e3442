package io.rezpkgcached.cache.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.CacheWalk;
import io.rezpkgcached.cache.layout.OurFolder;
import io.rezpkgcached.cache.testing.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestWriterTest {
    private static final RequestReader READER = RequestReader.plain(InstantSource.system());
    private static final Handle FOO = Handle.of("/svr/packages", "foo", Optional.of("1.0"), OptionalInt.of(0));

    @TempDir
    Path cache;

    private CacheLayout layout;

    @BeforeEach
    void makeCache() throws IOException {
        layout = CacheLayout.of(cache);
    }

    private RequestWriter writer() throws IOException {
        return new RequestWriter(layout, READER);
    }

    private static Handle foo(int index) {
        return Handle.of("/svr/packages", "foo", Optional.of("1.0"), OptionalInt.of(index));
    }

    private List<Path> pending() throws IOException {
        return CacheWalk.children(layout.pending());
    }

    /** Writes as many requests as it is told into the cache that it is given. */
    static final class Program {
        private Program() {}

        public static void main(String[] words) throws IOException {
            RequestWriter writer = new RequestWriter(CacheLayout.of(Path.of(words[0])), READER);
            for (int i = 0; i < Integer.parseInt(words[1]); i++) {
                // Other names each time, so that the writer has nothing to compare it with.
                writer.write(Handle.of("/svr/packages", "foo" + i, Optional.of("1.0"), OptionalInt.of(0)));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void write_whileAnotherProcessReads_neverSeenIncomplete(boolean withOurFolder) throws Exception {
        if (withOurFolder) {
            OurFolder.prepare(layout);
        }
        Files.createDirectories(layout.pending());
        List<RequestFile> wrong = new ArrayList<>();
        int looks = 0;
        try (Child child = Child.start(Child.java(Program.class, cache.toString(), "500"))) {
            int last = 0;
            while (last < 500 && ProcessHandle.of(child.pid()).isPresent()) {
                List<Path> found = pending();
                if (found.size() != last) {
                    looks++;
                }
                last = found.size();
                for (Path path : found.subList(Math.max(0, last - 40), last)) {
                    RequestFile read = READER.read(path);
                    if (!(read instanceof RequestFile.Complete)) {
                        wrong.add(read);
                    }
                }
            }
            assertEquals(List.of(), child.finish());
        }
        assertEquals(List.of(), wrong);
        assertEquals(500, pending().size());
        assertEquals(List.of(), leftInSys());
        assertTrue(looks > 3, "it was looked at " + looks + " times only while they were written");
        assertEquals(List.of(), CacheWalk.children(layout.incoming()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void write_handle_nameContentAndModeAsRez(boolean withOurFolder) throws Exception {
        if (withOurFolder) {
            OurFolder.prepare(layout);
        }
        Path file = writer().write(FOO).orElseThrow();
        assertEquals(List.of(file), pending());
        assertTrue(file.getFileName().toString().matches("foo-1\\.0-[0-9a-f]{32}\\.json"), file.toString());
        assertEquals(FOO.toJson(), Files.readString(file));
        Handle plain = Handle.of("/svr/packages", "foo", Optional.empty(), OptionalInt.empty());
        Path other = writer().write(plain).orElseThrow();
        assertTrue(other.getFileName().toString().matches("foo-[0-9a-f]{32}\\.json"), other.toString());
        assertEquals(
                "{\"key\": \"filesystem.variant\", \"variables\": {\"repository_type\": \"filesystem\", \"location\":"
                        + " \"/svr/packages\", \"name\": \"foo\", \"index\": null}}",
                Files.readString(other));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void write_anyUmask_readableByAll(boolean withOurFolder) throws Exception {
        if (withOurFolder) {
            OurFolder.prepare(layout);
        }
        List<String> command = new ArrayList<>(List.of("sh", "-c", "umask 077; exec \"$@\"", "sh"));
        command.addAll(Child.java(Program.class, cache.toString(), "1"));
        assertEquals(new Child.Ended(0, "", ""), Child.run(command, Map.of(), new byte[0]));
        assertEquals("rw-r--r--",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(pending().getFirst())));
    }

    @Test
    void write_sameHandleAgain_onceOnly() throws IOException {
        RequestWriter writer = writer();
        Path file = writer.write(FOO).orElseThrow();
        assertEquals(Optional.empty(), writer.write(FOO));
        assertEquals(Optional.empty(), writer().write(FOO));
        assertEquals(List.of(file), pending());
        Files.delete(file);
        assertTrue(writer.write(FOO).isPresent(), "it was served meanwhile");
    }

    @Test
    void write_samePrefix_eachHandle() throws IOException {
        assertTrue(writer().write(foo(0)).isPresent());
        assertTrue(writer().write(foo(1)).isPresent());
        Handle longer = Handle.of("/svr/packages", "foo", Optional.of("1.0-rc1"), OptionalInt.of(0));
        assertTrue(writer().write(longer).isPresent());
        assertEquals(3, pending().size());
    }

    @Test
    void write_sameHandleInAnotherOrderAsRezWritesIt_found() throws IOException {
        Files.createDirectories(layout.pending());
        Files.writeString(layout.pending().resolve("foo-1.0-anything"),
                "{\"variables\": {\"version\": \"1.0\", \"name\":"
                        + " \"foo\", \"index\": 0, \"location\": \"/svr/packages\", \"repository_type\": \"filesystem\"},"
                        + " \"key\": \"filesystem.variant\"}");
        assertEquals(Optional.empty(), writer().write(FOO));
    }

    @Test
    void write_brokenNamesInSpool_passedOver() throws Exception {
        Files.createDirectories(layout.pending());
        Files.writeString(layout.pending().resolve("foo-1.0-a.json"), "");
        Files.writeString(layout.pending().resolve("foo-1.0-b.json"), FOO.toJson().substring(9));
        Files.createDirectory(layout.pending().resolve("foo-1.0-c.json"));
        assertEquals(0, new ProcessBuilder("mkfifo", layout.pending().resolve("foo-1.0-d.json").toString()).start()
                .waitFor());
        assertTrue(writer().write(FOO).isPresent());
        assertEquals(5, pending().size());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void write_nameTooLong_failsAndLeavesNothing(boolean withOurFolder) throws IOException {
        if (withOurFolder) {
            OurFolder.prepare(layout);
        }
        Handle handle = Handle.of("/svr/packages", "n".repeat(200), Optional.of("1".repeat(200)), OptionalInt.of(0));
        RequestWriter writer = writer();
        assertThrows(IOException.class, () -> writer.write(handle));
        assertEquals(List.of(), pending());
        assertEquals(List.of(), CacheWalk.children(layout.incoming()));
        assertEquals(List.of(), leftInSys());
    }

    private List<Path> leftInSys() throws IOException {
        return CacheWalk.children(layout.sys()).stream().filter(path -> !Files.isDirectory(path)).toList();
    }

    @Test
    void write_byAUserWithoutOurFolder_withoutNativeCode() throws Exception {
        Path loaded = cache.resolve("loaded");
        List<String> command = new ArrayList<>(Child.java(Program.class, cache.toString(), "1"));
        command.add(1, "-Xlog:class+load:file=" + loaded);
        assertEquals(new Child.Ended(0, "", ""), Child.run(command, Map.of(), new byte[0]));
        assertEquals(1, pending().size());
        String classes = Files.readString(loaded);
        assertTrue(classes.contains("cache.spool.RequestWriter "));
        assertFalse(classes.contains("cache.posix.LibC "));
    }
}
