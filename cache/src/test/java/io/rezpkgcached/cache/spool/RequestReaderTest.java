package io.rezpkgcached.cache.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.rezpkgcached.cache.Vectors;
import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.posix.Posix;
import io.rezpkgcached.cache.testing.Unprivileged;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both readers, which must say the same. */
class RequestReaderTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final Handle FOO = Handle.of("/svr/packages", "foo", Optional.of("1.0"), OptionalInt.of(0));
    private static final int US = Posix.geteuid();

    /** {@code sun_path} has 108 bytes, more than the names of some temporary folders leave. */
    @TempDir
    Path folder;

    enum Kind {
        HARDENED, PLAIN;

        RequestReader reader() {
            return this == HARDENED
                    ? RequestReader.hardened(InstantSource.fixed(NOW))
                    : RequestReader.plain(InstantSource.fixed(NOW));
        }
    }

    private Path file(String text, Duration age) throws IOException {
        Path file = Files.writeString(folder.resolve("foo-1.0-x.json"), text);
        return Files.setLastModifiedTime(file, FileTime.from(NOW.minus(age)));
    }

    private static RequestFile.Malformed malformed(RequestFile read) {
        return assertInstanceOf(RequestFile.Malformed.class, read);
    }

    @ParameterizedTest
    @EnumSource
    void read_complete_itsHandleAndOwner(Kind kind) throws IOException {
        Path file = file(FOO.toJson(), Duration.ZERO);
        assertEquals(new RequestFile.Complete(file, FOO, US), kind.reader().read(file));
        for (String text : List.of(" " + FOO.toJson() + "\n", "\t" + FOO.toJson().replace(", ", ",\n"))) {
            assertEquals(new RequestFile.Complete(file, FOO, US), kind.reader().read(file(text, Duration.ofDays(9))));
        }
    }

    @ParameterizedTest
    @EnumSource
    void read_whatRezWrote_equalHandles(Kind kind) throws IOException {
        for (Object found : List.of("Flask-1.1.2-ad501cdf9f3944109be44075aec2d177",
                "Jinja2-2.11.2-7df34f52eca54f57a7face99326ff492",
                "MarkupSafe-1.1.1-e87df9d5f38e4f118c8388b53239d7b2",
                "Werkzeug-1.0.1-1c4c0089ac234d599b6a81b7730a5d9a",
                "arch-x86_64-f20fa7eae7ca49f2812e9e7dc71c7d3a", "click-7.1.2-481beb0bd3154caabdfbb4d06396996e",
                "itsdangerous-1.1.0-176c727dd24047d4b9a8701d86ee91e3",
                "platform-linux-c7bd708ebc584d5b85530a2422ca770b",
                "python-3.7.4-781807c9063d4b91be213d1863216b74")) {
            String name = found.toString();
            Path file = Files.write(folder.resolve(name + ".json"), Vectors.bytes("pending/" + name + ".json"));
            String[] parts = name.split("-", -1);
            OptionalInt index = switch (parts[0]) {
                case "arch", "platform" -> OptionalInt.empty();
                case "MarkupSafe" -> OptionalInt.of(1);
                default -> OptionalInt.of(0);
            };
            assertEquals(new RequestFile.Complete(file,
                    Handle.of("/svr/packages", parts[0], Optional.of(parts[1]), index), US),
                    kind.reader().read(file));
        }
    }

    @ParameterizedTest
    @EnumSource
    void read_cutAnywhere_beingWrittenForTenSeconds(Kind kind) throws IOException {
        String whole = FOO.toJson();
        for (int length = 0; length < whole.length(); length++) {
            String cut = whole.substring(0, length);
            Path file = file(cut, Duration.ofMillis(9_999));
            assertEquals(new RequestFile.BeingWritten(file), kind.reader().read(file), cut);
            file(cut, Duration.ofMillis(-9_999));
            assertEquals(new RequestFile.BeingWritten(file), kind.reader().read(file), cut);
            file(cut, Duration.ofSeconds(10));
            assertEquals(cut, malformed(kind.reader().read(file)).content());
            file(cut, Duration.ofDays(-1));
            assertEquals(cut, malformed(kind.reader().read(file)).content());
        }
    }

    @ParameterizedTest
    @EnumSource
    void read_neverARequest_malformedAtOnce(Kind kind) throws IOException {
        Map<String, String> reasons = new TreeMap<>();
        for (String text : List.of("x", "[]", "null", "{}", FOO.toJson() + "x", FOO.toJson().replace("{\"key\"", "{\"x"
                + "\": 1, \"key\""), FOO.toJson().replace("\"foo\"", "\"../foo\""), "\0")) {
            RequestFile.Malformed read = malformed(kind.reader().read(file(text, Duration.ZERO)));
            assertEquals(text, read.content());
            assertEquals(US, read.owner());
            assertEquals(1, read.reason().lines().count(), read.reason());
            reasons.put(text, read.reason());
        }
        assertEquals("handle has an unknown name 'x', expected: key, variables",
                reasons.get("{\"x\": 1, " + FOO.toJson().substring(1)));
    }

    @ParameterizedTest
    @EnumSource
    void read_deepJson_malformed(Kind kind) throws IOException {
        String text = "[".repeat(30_000) + "]".repeat(30_000);
        assertEquals(text, malformed(kind.reader().read(file(text, Duration.ZERO))).content());
    }

    @ParameterizedTest
    @EnumSource
    void read_tooLong_malformedAndNotReadWhole(Kind kind) throws IOException {
        String most = FOO.toJson() + " ".repeat(RequestReader.MAX_BYTES - FOO.toJson().length());
        Path file = file(most, Duration.ZERO);
        assertEquals(new RequestFile.Complete(file, FOO, US), kind.reader().read(file));
        file(most + " ".repeat(1 << 20), Duration.ZERO);
        assertEquals(new RequestFile.Malformed(file, "it has more than 65536 bytes; a handle has about 200",
                most + " ", US), kind.reader().read(file));
    }

    @ParameterizedTest
    @EnumSource
    void read_notUtf8_malformedWithReplacedText(Kind kind) throws IOException {
        Path file = Files.write(folder.resolve("x"), new byte[]{'"', (byte) 0xff, '"'});
        assertEquals("\"\ufffd\"", malformed(kind.reader().read(file)).content());
    }

    @ParameterizedTest
    @EnumSource
    void read_pipe_malformedWithoutBlocking(Kind kind) throws Exception {
        Path pipe = folder.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        assertTimeoutPreemptively(Duration.ofSeconds(20),
                () -> assertEquals(new RequestFile.Malformed(pipe,
                        "it is a pipe, socket or device, and a request is a plain file", "", US),
                        kind.reader().read(pipe)));
    }

    @ParameterizedTest
    @EnumSource
    void read_socket_malformed(Kind kind) throws IOException {
        Path link = Files.createTempDirectory("s");
        Path socket = link.resolve("socket");
        try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.bind(UnixDomainSocketAddress.of(socket));
            assertEquals(new RequestFile.Malformed(socket,
                    "it is a pipe, socket or device, and a request is a plain file", "", US),
                    kind.reader().read(socket));
        } finally {
            Files.deleteIfExists(socket);
            Files.delete(link);
        }
    }

    @ParameterizedTest
    @EnumSource
    void read_symbolicLink_malformedWithItsText(Kind kind) throws IOException {
        Path target = file(FOO.toJson(), Duration.ZERO);
        Path link = Files.createSymbolicLink(folder.resolve("link"), target);
        assertEquals(new RequestFile.Malformed(link, "it is a symbolic link, and a request is a plain file",
                target.toString(), US), kind.reader().read(link));
        Path dangling = Files.createSymbolicLink(folder.resolve("dangling"), Path.of("../nowhere"));
        assertEquals(new RequestFile.Malformed(dangling, "it is a symbolic link, and a request is a plain file",
                "../nowhere", US), kind.reader().read(dangling));
    }

    @ParameterizedTest
    @EnumSource
    void read_folder_malformed(Kind kind) {
        assertEquals(new RequestFile.Malformed(folder, "it is a folder, and a request is a plain file", "", US),
                kind.reader().read(folder));
    }

    @ParameterizedTest
    @EnumSource
    void read_vanished_gone(Kind kind) {
        assertEquals(new RequestFile.Gone(folder.resolve("x")), kind.reader().read(folder.resolve("x")));
    }

    /** Reads the file that it is given with both readers. */
    static final class Program {
        private Program() {}

        public static void main(String[] words) {
            for (Kind kind : Kind.values()) {
                System.out.println(kind.reader().read(Path.of(words[0])));
            }
        }
    }

    @Test
    void read_fileThatWeMayNotRead_malformedAndSaysWhatIsNeeded() throws Exception {
        Path file = file(FOO.toJson(), Duration.ZERO);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("-wx--x--x"));
        String read = new RequestFile.Malformed(file, "the daemon's user may not read it; requests need mode 0644", "",
                US).toString();
        assertEquals(new Unprivileged.Outcome(0, read + "\n" + read + "\n"),
                Unprivileged.run(Program.class, file.toString()));
    }

    @ParameterizedTest
    @EnumSource
    void read_filesReplacedWhileRead_neverThrowsAndNeverFollows(Kind kind) throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), Handle
                .of("/svr/packages", "secret", Optional.empty(), OptionalInt.empty()).toJson());
        Path file = folder.resolve("request");
        List<RequestFile> followed = new ArrayList<>();
        Thread replacing = new Thread(() -> {
            try {
                for (int i = 0; i < 500; i++) {
                    Files.deleteIfExists(file);
                    Files.createSymbolicLink(file, secret);
                    Files.delete(file);
                    Files.write(file, FOO.toJson().getBytes(StandardCharsets.UTF_8));
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }, "replacing");
        replacing.start();
        while (replacing.isAlive()) {
            RequestFile read = kind.reader().read(file);
            if (read instanceof RequestFile.Complete complete && !complete.handle().equals(FOO)) {
                followed.add(read);
            }
        }
        assertEquals(List.of(), followed);
    }
}
