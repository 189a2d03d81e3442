package io.rezpkgcached.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rezpkgcached.cache.log.LogFolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTailTest {
    @TempDir
    Path folder;

    private LogTail tail;

    @BeforeEach
    void makeTail() {
        tail = new LogTail(new LogFolder(folder));
    }

    private Path log(int day, String text) throws IOException {
        return Files.writeString(folder.resolve("2026-11-" + day + ".log"), text, StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    private String news() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        tail.printNew(out);
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    private String last(int lines) throws IOException {
        makeTail();
        tail.skipToLast(lines);
        return news();
    }

    @Test
    void skipToLast_severalDays_asManyLinesAsThereAre() throws IOException {
        log(11, "a\nb\n");
        log(12, "");
        log(13, "\nc\nd\nnot whole");
        assertEquals("", last(0));
        assertEquals("d\n", last(1));
        assertEquals("\nc\nd\n", last(3));
        assertEquals("b\n\nc\nd\n", last(4));
        assertEquals("a\nb\n\nc\nd\n", last(5));
        assertEquals("a\nb\n\nc\nd\n", last(6));
    }

    @Test
    void skipToLast_linesAroundTheBuffer_atTheirBeginnings() throws IOException {
        for (int length = (1 << 16) - 3; length <= (1 << 16) + 3; length++) {
            Files.deleteIfExists(folder.resolve("2026-11-11.log"));
            String line = "x".repeat(length) + "\n";
            log(11, "first\n" + line + "y\n");
            assertEquals("y\n", last(1));
            assertEquals(line + "y\n", last(2));
            assertEquals("first\n" + line + "y\n", last(3));
        }
    }

    @Test
    void printNew_lineThatIsWritten_onceItIsWhole() throws IOException {
        log(11, "one\ntw");
        assertEquals("one\n", news());
        assertEquals("", news());
        log(11, "x".repeat(200_000));
        assertEquals("", news());
        log(11, "o\n");
        assertEquals("tw" + "x".repeat(200_000) + "o\n", news());
    }

    @Test
    void printNew_anotherFileByTheSameName_fromItsBeginning() throws IOException {
        Path first = log(11, "one\n");
        assertEquals("one\n", news());
        Files.delete(first);
        assertEquals("", news());
        log(11, "three\n");
        assertEquals("three\n", news());
        Files.writeString(first, "4\n");
        assertEquals("4\n", news());
    }

    @Test
    void printNew_bytesThatAreNoText_asTheyAre() throws IOException {
        Files.write(folder.resolve("2026-11-11.log"), new byte[]{(byte) 0xff, 'a', (byte) 0xc3, '\n'});
        assertEquals("\u00ffa\u00c3\n", news());
    }
}
