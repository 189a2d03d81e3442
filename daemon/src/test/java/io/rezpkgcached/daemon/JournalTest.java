package io.rezpkgcached.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.testing.DatagramReceiver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.message.Message;
import org.apache.logging.log4j.message.SimpleMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the journal gets. */
class JournalTest {
    @TempDir
    Path folder;

    private static LogEvent event(Level level, Message message, Throwable thrown) {
        return Log4jLogEvent.newBuilder().setLevel(level).setMessage(message).setThrown(thrown).setThreadName("loop")
                .build();
    }

    /** The fields of an entry, read as the protocol is documented. */
    private static Map<String, String> fields(byte[] entry) {
        Map<String, String> fields = new TreeMap<>();
        int at = 0;
        while (at < entry.length) {
            int end = at;
            while (entry[end] != '=' && entry[end] != '\n') {
                end++;
            }
            String name = new String(entry, at, end - at, StandardCharsets.UTF_8);
            int begin = end + 1;
            int length;
            if (entry[end] == '=') {
                length = 0;
                while (entry[begin + length] != '\n') {
                    length++;
                }
            } else {
                length = (int) ByteBuffer.wrap(entry, begin, Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).getLong();
                begin += Long.BYTES;
            }
            fields.put(name, new String(entry, begin, length, StandardCharsets.UTF_8));
            at = begin + length + 1;
        }
        return fields;
    }

    @Test
    void line_withFields_hasThemAndItsLevel() throws Exception {
        String socket = folder.resolve("socket").toString();
        try (DatagramReceiver receiver = DatagramReceiver.at(socket)) {
            Journal.at(socket).append(event(Level.INFO,
                    new LogLine("Cached variant to /x in 1.5 seconds", Map.of("BYTES", "12", "SECONDS", "1.5")), null));
            assertEquals(List.of(Map.of("MESSAGE", "Cached variant to /x in 1.5 seconds", "PRIORITY", "6",
                    "SYSLOG_IDENTIFIER", "rez-pkg-cached", "THREAD", "loop", "BYTES", "12", "SECONDS", "1.5")),
                    receiver.received().stream().map(JournalTest::fields).toList());
        }
    }

    @Test
    void levels_areThoseOfSyslog() throws Exception {
        String socket = folder.resolve("socket").toString();
        try (DatagramReceiver receiver = DatagramReceiver.at(socket)) {
            Journal journal = Journal.at(socket);
            List<String> expected = new ArrayList<>();
            Map<Level, String> priorities = Map.of(Level.ERROR, "3", Level.WARN, "4", Level.INFO, "6", Level.DEBUG,
                    "7");
            priorities.forEach((level, priority) -> {
                journal.append(event(level, new SimpleMessage("x"), null));
                expected.add(priority);
            });
            assertEquals(expected,
                    receiver.received().stream().map(entry -> fields(entry).get("PRIORITY")).toList());
        }
    }

    @Test
    void bug_withStackTrace_isOneEntry() throws Exception {
        String socket = folder.resolve("socket").toString();
        try (DatagramReceiver receiver = DatagramReceiver.at(socket)) {
            Journal.at(socket).append(event(Level.ERROR, new SimpleMessage("A bug"), new IOException("why")));
            List<byte[]> entries = receiver.received();
            assertEquals(1, entries.size());
            String message = fields(entries.getFirst()).get("MESSAGE");
            assertTrue(message.startsWith("A bug\njava.io.IOException: why\n\tat "), message);
        }
    }

    @Test
    void journal_thatIsOurOutput_isUsed() throws Exception {
        Map<String, Object> stderr = Files.readAttributes(Path.of("/proc/self/fd/2"), "unix:dev,ino");
        String stream = stderr.get("dev") + ":" + stderr.get("ino");
        assertTrue(Journal.ofProcess(Map.of("JOURNAL_STREAM", stream)).isPresent());
    }

    @Test
    void journal_thatIsNotOurOutput_isNotUsed() throws Exception {
        assertEquals(Optional.empty(), Journal.ofProcess(Map.of()));
        assertEquals(Optional.empty(), Journal.ofProcess(Map.of("JOURNAL_STREAM", "1:2")));
    }
}
