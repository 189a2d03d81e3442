package io.rezpkgcached.resolve.server;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A connection to one server for questions that spymemcached cannot ask, such as which keys there are: lines of memcached's text
 * protocol, one question at a time.
 */
public final class AdminConnection implements AutoCloseable {
    private static final int LONGEST_LINE = 4096;
    /** What nothing follows, not even an end. */
    private static final List<String> ENDS = List.of("ERROR", "CLIENT_ERROR", "SERVER_ERROR", "BUSY", "BADCLASS");

    private static final int MOST_LINES = 10_000_000;

    private final Socket socket;
    private final InputStream in;

    private AdminConnection(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
    }

    /**
     * Connects.
     *
     * @param limit for the connection, and for each read of an answer
     */
    public static AdminConnection to(ServerAddress address, Duration limit) throws IOException {
        Socket socket = new Socket();
        try {
            int milliseconds = (int) Math.max(1, limit.toMillis());
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(address.host(), address.port()), milliseconds);
            socket.setSoTimeout(milliseconds);
            return new AdminConnection(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Statistics of a kind, in the order of the server; of an empty kind the general ones. */
    public Map<String, String> statistics(String kind) throws IOException {
        send(kind.isEmpty() ? "stats" : "stats " + kind);
        Map<String, String> values = new LinkedHashMap<>();
        for (String line : lines()) {
            String[] parts = line.split(" ", 3);
            if (parts.length < 2 || !parts[0].equals("STAT")) {
                throw new IOException("not an answer of memcached: " + shortened(line));
            }
            values.put(parts[1], parts.length == 3 ? parts[2] : "");
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

    /** All entries, as the server's crawler tells them: some that come or go meanwhile may be missing or gone. */
    public List<Entry> entries() throws IOException {
        send("lru_crawler metadump all");
        List<Entry> entries = new ArrayList<>();
        for (String line : lines()) {
            if (!line.startsWith("key=")) {
                throw new IOException("memcached cannot tell its keys, and answers " + shortened(line)
                        + "; it takes version 1.4.31 or newer, and one such question at a time");
            }
            String key = "";
            long bytes = 0;
            for (String field : line.split(" ", -1)) {
                if (field.startsWith("key=")) {
                    key = URLDecoder.decode(field.substring("key=".length()).replace("+", "%2B"),
                            StandardCharsets.UTF_8);
                } else if (field.matches("size=[0-9]{1,18}")) {
                    bytes = Long.parseLong(field.substring("size=".length()));
                }
            }
            entries.add(new Entry(key, bytes));
        }
        return entries;
    }

    /** The value of a key, empty where there is none. */
    public Optional<Answer.Value> value(String key) throws IOException {
        send("get " + key);
        String line = line();
        if (line.equals("END")) {
            return Optional.empty();
        }
        String[] parts = line.split(" ", -1);
        if (parts.length != 4 || !parts[0].equals("VALUE") || !parts[2].matches("[0-9]{1,9}")
                || !parts[3].matches("[0-9]{1,8}")) {
            throw new IOException("memcached answers " + shortened(line) + " to get");
        }
        byte[] bytes = in.readNBytes(Integer.parseInt(parts[3]));
        if (!line().isEmpty() || !line().equals("END")) {
            throw new IOException("memcached answers something else than it has said");
        }
        return Optional.of(new Answer.Value(bytes, Integer.parseInt(parts[2])));
    }

    /** Deletes a key; false where it was not there. */
    public boolean delete(String key) throws IOException {
        send("delete " + key);
        return line().equals("DELETED");
    }

    private void expect(String command, String answer) throws IOException {
        send(command);
        String line = line();
        if (!line.equals(answer)) {
            throw new IOException("memcached answers " + shortened(line) + " to " + command);
        }
    }

    private void send(String command) throws IOException {
        socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    private List<String> lines() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = line(); !line.equals("END"); line = line()) {
            lines.add(line);
            if (ENDS.stream().anyMatch(line::startsWith)) {
                return lines;
            }
            if (lines.size() > MOST_LINES) {
                throw new IOException("memcached answers without an end");
            }
        }
        return lines;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0 || line.size() > LONGEST_LINE) {
                throw new IOException(
                        b < 0 ? "memcached has closed the connection" : "memcached answers a line too long");
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    private static String shortened(String line) {
        return (line.length() > 60 ? line.substring(0, 60) + "..." : line).replaceAll("[^ -~]", "?");
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
