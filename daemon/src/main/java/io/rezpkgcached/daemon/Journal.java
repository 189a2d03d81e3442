package io.rezpkgcached.daemon;

import io.rezpkgcached.cache.posix.DatagramSender;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;

/**
 * The system's journal, by its native protocol: each line with its level and its fields. A line that it does not take goes to stdout,
 * which ends in the journal too, with the level before it as {@code sd-daemon(3)} has it.
 */
final class Journal extends AbstractAppender {
    static final String SOCKET = "/run/systemd/journal/socket";

    private static final String IDENTIFIER = "rez-pkg-cached";

    /** A journal that waits for its disk must not keep the daemon; the line is in the cache's log too. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** Well below what one datagram may hold; longer texts, which only a bug makes, are cut. */
    private static final int LONGEST = 32_000;

    private final DatagramSender sender;

    private Journal(DatagramSender sender) {
        super("journal", null, null, true, Property.EMPTY_ARRAY);
        this.sender = sender;
    }

    /** Where it is what stdout or stderr is connected to, which {@code JOURNAL_STREAM} says; else nobody reads it there. */
    static Optional<Journal> ofProcess(Map<String, String> variables) throws IOException {
        String stream = variables.getOrDefault("JOURNAL_STREAM", "");
        for (String descriptor : List.of("1", "2")) {
            if (!stream.isEmpty() && stream.equals(identity(Path.of("/proc/self/fd", descriptor)))) {
                return Optional.of(at(SOCKET));
            }
        }
        return Optional.empty();
    }

    static Journal at(String socket) throws IOException {
        return new Journal(DatagramSender.to(socket, PATIENCE));
    }

    private static String identity(Path file) {
        try {
            Map<String, Object> found = Files.readAttributes(file, "unix:dev,ino");
            return found.get("dev") + ":" + found.get("ino");
        } catch (IOException _) {
            return "closed";
        }
    }

    @Override
    public void append(LogEvent event) {
        String text = text(event);
        int priority = priority(event.getLevel());
        ByteArrayOutputStream entry = new ByteArrayOutputStream();
        add(entry, "MESSAGE", text);
        add(entry, "PRIORITY", Integer.toString(priority));
        add(entry, "SYSLOG_IDENTIFIER", IDENTIFIER);
        add(entry, "THREAD", event.getThreadName());
        if (event.getMessage() instanceof LogLine line) {
            line.fields().forEach((name, value) -> add(entry, name, value));
        }
        try {
            sender.send(entry.toByteArray());
        } catch (IOException _) {
            System.out.println("<" + priority + ">" + text.replace("\n", "\n<" + priority + ">"));
        }
    }

    private static String text(LogEvent event) {
        StringWriter text = new StringWriter();
        text.write(event.getMessage().getFormattedMessage());
        if (event.getThrown() != null) {
            text.write('\n');
            event.getThrown().printStackTrace(new PrintWriter(text, true));
        }
        String all = text.toString().stripTrailing();
        return all.length() > LONGEST ? all.substring(0, LONGEST) + "..." : all;
    }

    /** As {@code syslog(3)} numbers them; WARN is degraded, ERROR calls for a person. */
    private static int priority(Level level) {
        if (level.isMoreSpecificThan(Level.ERROR)) {
            return 3;
        }
        if (level.isMoreSpecificThan(Level.WARN)) {
            return 4;
        }
        return level.isMoreSpecificThan(Level.INFO) ? 6 : 7;
    }

    /** {@code NAME=value}, or where the value has more than one line its length before it. */
    private static void add(ByteArrayOutputStream entry, String name, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        entry.writeBytes(name.getBytes(StandardCharsets.UTF_8));
        if (value.indexOf('\n') < 0) {
            entry.write('=');
        } else {
            entry.write('\n');
            entry.writeBytes(
                    ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(bytes.length).array());
        }
        entry.writeBytes(bytes);
        entry.write('\n');
    }
}
