package io.rezpkgcached.client;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** As much of a memcached as {@link Rehearsal} needs where none is installed: it stores, and tells some statistics. */
final class RehearsalServer implements AutoCloseable {
    private static final String STATISTICS = """
            STAT uptime 4000\r
            STAT curr_connections 2\r
            STAT cmd_get 9\r
            STAT get_hits 8\r
            STAT get_misses 1\r
            STAT bytes 70000\r
            STAT limit_maxbytes 67108864\r
            END\r
            """;

    private final Map<String, byte[]> answers = new ConcurrentHashMap<>();
    private final ServerSocket socket = new ServerSocket();

    RehearsalServer(InetSocketAddress place) throws IOException {
        socket.bind(place);
        Thread.ofPlatform().daemon().start(this::accept);
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                Thread.ofPlatform().daemon().start(() -> serve(client));
            } catch (IOException _) {
                // it is over
            }
        }
    }

    private void serve(Socket client) {
        try (client; InputStream in = new BufferedInputStream(client.getInputStream())) {
            OutputStream out = client.getOutputStream();
            for (String line = line(in); !line.isEmpty(); line = line(in)) {
                out.write(answer(line.split(" ", -1), line, in));
            }
        } catch (IOException _) {
            // the client has gone
        }
    }

    private byte[] answer(String[] words, String line, InputStream in) throws IOException {
        return switch (words[0]) {
            case "stats" -> bytes(STATISTICS);
            case "get" -> answers.getOrDefault(words[1], bytes("END\r\n"));
            case "set" -> {
                String value = new String(in.readNBytes(Integer.parseInt(words[4]) + 2), StandardCharsets.ISO_8859_1);
                answers.put(words[1],
                        bytes("VALUE " + words[1] + " " + words[2] + " " + words[4] + "\r\n" + value + "END\r\n"));
                yield bytes("STORED\r\n");
            }
            default -> throw new IOException("not a question of ours: " + line);
        };
    }

    private static byte[] bytes(String latin1) {
        return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Without its end; empty where there is none. */
    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            if (b != '\r') {
                line.append((char) b);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
