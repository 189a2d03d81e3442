package io.rezpkgcached.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;

/** A memcached that has nothing but given statistics, as of a moment that is long past. */
final class StatisticsServer implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    private final String statistics;

    StatisticsServer(Map<String, String> statistics) throws IOException {
        this.statistics = statistics.entrySet().stream()
                .map(each -> "STAT " + each.getKey() + " " + each.getValue() + "\r\n").collect(Collectors.joining());
        Thread.ofPlatform().daemon().start(this::serve);
    }

    private void serve() {
        while (!socket.isClosed()) {
            try (Socket client = socket.accept();
                    BufferedReader in = new BufferedReader(
                            new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    String answer = switch (line) {
                        case "stats" -> statistics + "END\r\n";
                        case "stats reset" -> "RESET\r\n";
                        case "flush_all" -> "OK\r\n";
                        default -> "ERROR\r\n";
                    };
                    client.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
                }
            } catch (IOException _) {
                // the client has gone, or the test is over
            }
        }
    }

    String uri() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
