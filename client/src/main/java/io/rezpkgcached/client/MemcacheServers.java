package io.rezpkgcached.client;

import io.rezpkgcached.resolve.server.AdminConnection;
import io.rezpkgcached.resolve.server.ServerAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The configured servers, each asked in its turn; one that does not answer is passed over, as rez does. */
final class MemcacheServers {
    /** As rez's client. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final List<ServerAddress> addresses;

    private MemcacheServers(List<ServerAddress> addresses) {
        this.addresses = addresses;
    }

    /** @throws IOException if an address cannot be read */
    static MemcacheServers of(List<String> uris) throws IOException {
        try {
            return new MemcacheServers(uris.stream().map(ServerAddress::parse).toList());
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    List<ServerAddress> addresses() {
        return addresses;
    }

    /** Something to ask a server. */
    interface Question<T> {
        T ask(AdminConnection server) throws IOException;
    }

    static <T> T ask(ServerAddress address, Question<T> question) throws IOException {
        try (AdminConnection server = AdminConnection.to(address, PATIENCE)) {
            return question.ask(server);
        } catch (IOException e) {
            throw new IOException("memcached " + address.shown() + ": " + e.getMessage(), e);
        }
    }

    /** Of those that answer, by the names that rez gives them. */
    List<Map.Entry<String, Map<String, String>>> statistics() {
        List<Map.Entry<String, Map<String, String>>> all = new ArrayList<>();
        for (ServerAddress address : addresses) {
            try {
                all.add(Map.entry(address.shown() + " (1)", ask(address, server -> server.statistics(""))));
            } catch (IOException _) {
                // it is not in the table
            }
        }
        return all;
    }

    /** Has each do something; a line for each that could not. */
    List<String> each(Question<?> question) {
        List<String> problems = new ArrayList<>();
        for (ServerAddress address : addresses) {
            try {
                ask(address, question);
            } catch (IOException e) {
                problems.add(e.getMessage());
            }
        }
        return problems;
    }
}
