package io.rezpkgcached.cache.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.posix.Xattrs;
import io.rezpkgcached.cache.testing.TreeAssert;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names, depths, sizes, and what cannot be copied. */
class CopyNamesTest {
    @TempDir
    Path dir;
    private Copies copies;

    @BeforeEach
    void makePayload() throws IOException {
        copies = Copies.in(dir);
    }

    @Test
    void copy_strangeNames_keptByteForByte() throws Exception {
        copies.file("new\nline", "x");
        copies.file("n".repeat(255), "x");
        copies.file(" ", "x");
        copies.file("h\u00e4\u4e2d\ud83d\ude00/\\", "x");
        Path folder = Files.createDirectory(Copies.encoded(copies.source(), "dir%FF%FE"));
        Path file = Files.writeString(Copies.encoded(folder, "%C3%28"), "not utf-8");
        Files.writeString(Copies.encoded(folder, "%C3%29"), "another that looks the same as a string");
        Xattrs.set(file, "user.x", new byte[]{1});
        Files.createLink(Copies.encoded(copies.source(), "hard%80"), file);
        Files.createSymbolicLink(Copies.encoded(folder, "%FFlink"), file.getFileName());
        Files.createSymbolicLink(copies.source().resolve("absolute"), file);

        copies.copy();

        assertEquals(copies.source().relativize(file), Files.readSymbolicLink(copies.target().resolve("absolute")));
        Files.delete(copies.source().resolve("absolute"));
        Files.delete(copies.target().resolve("absolute"));
        TreeAssert.assertSameContent(copies.source(), copies.target());
    }

    @Test
    void copy_deepTree_copied() throws Exception {
        copies.file("d/".repeat(200) + "file", "x");
        CopiedPayload copied = copies.copy();
        TreeAssert.assertSameTree(copies.source(), copies.target());
        assertEquals(200, copied.directories());
    }

    @Test
    void copy_pathLongerThanTheKernelTakes_refusedByName() throws Exception {
        // Two trees that fit, one moved into the other.
        String levels = ("n".repeat(200) + "/").repeat(12);
        Path deep = Files.createDirectories(copies.source().resolve(levels));
        Path other = Files.createDirectories(dir.resolve("other").resolve(levels));
        Files.writeString(other.resolve("file"), "x");
        Files.move(dir.resolve("other"), deep.resolve("other"));
        try {
            PayloadRefusedException e = assertThrows(PayloadRefusedException.class, copies::copy);
            assertTrue(e.getMessage().startsWith("name too long to be copied: " + copies.source()), e.getMessage());
        } finally {
            // Nothing could delete it otherwise.
            Files.move(deep.resolve("other"), dir.resolve("other"));
        }
    }

    @Test
    void copy_wideFolder_copied() throws Exception {
        Path folder = Files.createDirectory(copies.source().resolve("wide"));
        for (int i = 0; i < 50_000; i++) {
            Files.createFile(folder.resolve("f" + i));
        }
        assertEquals(50_000, copies.copy().files());
        try (var names = Files.list(copies.target().resolve("wide"))) {
            assertEquals(50_000, names.count());
        }
    }

    @Test
    void copy_fileOver4GiB_copiedWhole() throws Exception {
        long size = 5L << 30;
        Path file = copies.source().resolve("large");
        long[] places = {0, (1L << 31) - 3, (1L << 32) - 3, size - 6};
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long place : places) {
                out.write(ByteBuffer.wrap("marked".getBytes(StandardCharsets.US_ASCII)), place);
            }
        }

        CopiedPayload copied = copies.copy();

        assertEquals(size, copied.bytes());
        assertEquals(size, Files.size(copies.target().resolve("large")));
        assertTrue(usedBytes(copies.target().resolve("large")) < 1 << 20, "holes are kept");
        try (FileChannel in = FileChannel.open(copies.target().resolve("large"))) {
            for (long place : places) {
                ByteBuffer found = ByteBuffer.allocate(6);
                in.read(found, place);
                assertEquals("marked", new String(found.array(), StandardCharsets.US_ASCII));
            }
        }
    }

    private static long usedBytes(Path file) throws Exception {
        Process du = new ProcessBuilder("du", "-k", file.toString()).start();
        return 1024 * Long.parseLong(du.inputReader(StandardCharsets.US_ASCII).readLine().split("\t", 2)[0]);
    }

    @Test
    void copy_fileThatEndsWithAHole_hasItsSize() throws Exception {
        Path file = copies.file("holes", "x".repeat(3 << 20));
        Path hole = copies.source().resolve("only-a-hole");
        for (Path sparse : List.of(file, hole)) {
            assertEquals(0, new ProcessBuilder("truncate", "-s", "9000001", sparse.toString()).start().waitFor());
        }
        copies.copy();
        TreeAssert.assertSameTree(copies.source(), copies.target());
        assertTrue(usedBytes(copies.target().resolve("only-a-hole")) < 1 << 20, "holes are kept");
    }

    @Test
    void copy_fifo_refusedByNameBeforeAnythingIsMade() throws Exception {
        copies.file("a", "x");
        Path fifo = copies.source().resolve("fifo");
        assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
        assertRefused(fifo + ": a FIFO, which cannot be copied; remove it");
    }

    @Test
    void copy_socket_refusedByName() throws Exception {
        Path socket = copies.source().resolve("s");
        try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.bind(UnixDomainSocketAddress.of(socket));
            assertRefused(socket + ": a socket, which cannot be copied; remove it");
        }
    }

    @Test
    void copy_linkToDevice_refusedByBothNames() throws Exception {
        copies.link("null", "/dev/null");
        assertRefused("/dev/null: a character device, which cannot be copied; a link in " + copies.source()
                + " leads there");
    }

    private void assertRefused(String message) {
        AtomicInteger made = new AtomicInteger();
        Copies watched = copies.with((step, path) -> made.addAndGet(step == Step.MAKE_FOLDER ? 1 : 0));
        PayloadRefusedException e = assertThrows(PayloadRefusedException.class, watched::copy);
        assertEquals(message, e.getMessage());
        assertEquals(0, made.get());
        assertFalse(Files.exists(copies.target()));
        assertEquals(List.of(), Copies.threads());
    }
}
