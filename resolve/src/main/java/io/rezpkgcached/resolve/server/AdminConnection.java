package io.rezpkgcached.resolve.server;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A connection to one server for questions that spymemcached cannot ask, such as which keys there are: lines of memcached's text
 * protocol, one question at a time.
 *
 * <p>An answer is there within the limit, or the question fails; of a list of entries, which may be long, each part is. No answer takes more
 * memory than a short one does.
 */
public final class AdminConnection implements AutoCloseable {
    private static final int LONGEST_KEY = 250;
    private static final int LONGEST_LINE = 4096;
    private static final int MOST_STATISTICS = 10_000;
    private static final int LONGEST_NUMBER = 18;

    private final Connection connection;
    private final long limit;
    private final byte[] line = new byte[LONGEST_LINE];
    private long deadline;

    private AdminConnection(Connection connection, long limit) {
        this.connection = connection;
        this.limit = limit;
    }

    /**
     * Connects.
     *
     * @param limit for the connection, and for each answer
     */
    public static AdminConnection to(ServerAddress address, Duration limit) throws IOException {
        return new AdminConnection(Connection.to(address, System.nanoTime() + limit.toNanos()), limit.toNanos());
    }

    /** Statistics of a kind, in the order of the server; of an empty kind the general ones. */
    public Map<String, String> statistics(String kind) throws IOException {
        send(kind.isEmpty() ? "stats" : "stats " + kind);
        Map<String, String> values = new LinkedHashMap<>();
        for (String line = line(); !line.equals("END"); line = line()) {
            int name = line.indexOf(' ') + 1;
            int value = line.indexOf(' ', name);
            if (!line.startsWith("STAT ") || name == line.length() || values.size() == MOST_STATISTICS) {
                throw new IOException("not an answer of memcached: " + shortened(line));
            }
            values.put(line.substring(name, value < 0 ? line.length() : value),
                    value < 0 ? "" : line.substring(value + 1));
        }
        return values;
    }

    public void resetStatistics() throws IOException {
        expect("stats reset", "RESET");
    }

    public void flush() throws IOException {
        expect("flush_all", "OK");
    }

    /** The server's version; a round trip that costs it nothing. */
    public String version() throws IOException {
        send("version");
        String line = line();
        if (!line.startsWith("VERSION ")) {
            throw new IOException("memcached answers " + shortened(line) + " to version");
        }
        return line.substring("VERSION ".length());
    }

    /** An entry that the server has. */
    public record Entry(String key, long bytes) {}

    /** Takes all entries, as the server's crawler tells them: some that come or go meanwhile may be missing or gone. */
    public void entries(Consumer<Entry> taker) throws IOException {
        send("lru_crawler metadump all");
        for (String line = line(); !line.equals("END"); line = line()) {
            if (!line.startsWith("key=")) {
                throw new IOException("memcached cannot tell its keys, and answers " + shortened(line)
                        + "; it takes version 1.4.31 or newer, and one such question at a time");
            }
            taker.accept(entry(line));
            deadline = System.nanoTime() + limit;
        }
    }

    /** Whether a key can be asked for in the text protocol; others come in by the binary one. */
    public static boolean isAskable(String key) {
        return !key.isEmpty() && key.length() <= LONGEST_KEY && key.chars().allMatch(c -> c > ' ' && c <= '~');
    }

    private static Entry entry(String line) {
        String key = "";
        long bytes = 0;
        for (String field : line.split(" ", -1)) {
            if (field.startsWith("key=")) {
                key = URLDecoder.decode(field.substring("key=".length()).replace("+", "%2B"), StandardCharsets.UTF_8);
            } else if (field.startsWith("size=")) {
                bytes = number(field.substring("size=".length()));
            }
        }
        return new Entry(key, bytes);
    }

    /** A number of the server's; 0 where it is none. */
    public static long number(String text) {
        boolean isNumber = !text.isEmpty() && text.length() <= LONGEST_NUMBER
                && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return isNumber ? Long.parseLong(text) : 0;
    }

    /** What there is under a key; never {@link Answer.Silence}. */
    public Answer value(String key) throws IOException {
        return ask(Question.get(key)).answer();
    }

    /** Deletes a key; false where it was not there. */
    public boolean delete(String key) throws IOException {
        return ask(Question.delete(key)).status().equals("DELETED");
    }

    private AnswerReader ask(Question question) throws IOException {
        send(question.request());
        AnswerReader reader = new AnswerReader(question);
        boolean isWhole;
        do {
            isWhole = reader.take(connection.received(deadline));
        } while (!isWhole);
        if (reader.isRefused()) {
            throw new IOException("memcached answers " + shortened(reader.status()));
        }
        return reader;
    }

    private void expect(String command, String answer) throws IOException {
        send(command);
        String line = line();
        if (!line.equals(answer)) {
            throw new IOException("memcached answers " + shortened(line) + " to " + command);
        }
    }

    private void send(String command) throws IOException {
        send(ByteBuffer.wrap((command + "\r\n").getBytes(StandardCharsets.UTF_8)));
    }

    private void send(ByteBuffer request) throws IOException {
        deadline = System.nanoTime() + limit;
        connection.send(request, deadline);
    }

    private String line() throws IOException {
        int length = 0;
        for (byte b = connection.received(deadline).get(); b != '\n'; b = connection.received(deadline).get()) {
            if (length == LONGEST_LINE) {
                throw new IOException("memcached answers a line too long");
            }
            if (b != '\r') {
                line[length++] = b;
            }
        }
        return new String(line, 0, length, StandardCharsets.UTF_8);
    }

    private static String shortened(String line) {
        return (line.length() > 60 ? line.substring(0, 60) + "..." : line).replaceAll("[^ -~]", "?");
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
