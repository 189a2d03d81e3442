package io.rezpkgcached.resolve.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The servers that together hold the cache.
 *
 * <p>All calls with the same {@link Patience} together take no longer than the limit, however many servers are slow or gone: one that has
 * not answered is left alone for a while, and keys of a server that is left alone or not connected go to the one that rez's client
 * would take instead. That a server does not answer is told once, until it does again. May be used by several threads.
 */
public final class ServerPool implements AutoCloseable {
    /** As rez's client. */
    private static final Duration SILENCE = Duration.ofSeconds(30);

    /** rez's client does not send larger ones. */
    public static final int LARGEST_VALUE = 1 << 20;

    private final List<Server> servers;
    private final long limit;
    private final Consumer<String> notices;
    private final Set<Server> told = new HashSet<>();

    /**
     * Begins to connect.
     *
     * @param limit for all calls that share a {@link Patience}
     * @param notices takes a line when a server does not answer, and one when it does again
     */
    public ServerPool(List<ServerAddress> addresses, Duration limit, Consumer<String> notices) {
        this(addresses, limit, SILENCE, notices);
    }

    ServerPool(List<ServerAddress> addresses, Duration limit, Duration silence, Consumer<String> notices) {
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("no servers");
        }
        this.limit = limit.toNanos();
        this.notices = notices;
        this.servers = addresses.stream().map(address -> new Server(address, silence)).toList();
    }

    /** For a lookup or a store that begins. */
    public Patience patience() {
        return new Patience(limit);
    }

    /** The value of a key. */
    public Answer get(String key, Patience patience) throws InterruptedException {
        Optional<AnswerReader> answer = ask(Question.get(key), patience);
        if (answer.isEmpty()) {
            return new Answer.Silence(silence());
        }
        if (answer.get().isRefused()) {
            return new Answer.Silence(names() + ": " + answer.get().status());
        }
        if (!(answer.get().answer() instanceof Answer.Absent)) {
            return answer.get().answer();
        }
        Server own = servers.get(ServerChoice.of(key, servers.size()).getFirst());
        return isKnownSilent(own)
                ? new Answer.Silence("there is no entry where it was looked for, and memcached " + own.address().shown()
                        + ", which may have it, does not answer")
                : answer.get().answer();
    }

    /** Stores a value for as long as the server keeps it; empty if it did, else why not. */
    public Optional<String> set(String key, byte[] value, int flags, Patience patience) throws InterruptedException {
        if (value.length > LARGEST_VALUE) {
            return Optional
                    .of("the value has " + value.length + " bytes, and rez stores no more than " + LARGEST_VALUE);
        }
        return ask(Question.set(key, value, flags), patience).map(AnswerReader::status).map(ServerPool::refusal)
                .orElseGet(() -> Optional.of(silence()));
    }

    private static Optional<String> refusal(String status) {
        return status.equals("STORED") ? Optional.empty() : Optional.of("the server refuses it: " + status);
    }

    /** Deletes a value; empty if it is gone, else why that is not known. */
    public Optional<String> delete(String key, Patience patience) throws InterruptedException {
        return ask(Question.delete(key), patience).map(AnswerReader::status)
                .map(status -> status.equals("DELETED") || status.equals("NOT_FOUND")
                        ? Optional.<String>empty()
                        : Optional.of("the server refuses it: " + status))
                .orElseGet(() -> Optional.of(silence()));
    }

    private Optional<AnswerReader> ask(Question question, Patience patience) throws InterruptedException {
        long start = System.nanoTime();
        try {
            return ask(question, start + patience.left());
        } finally {
            patience.spend(System.nanoTime() - start);
        }
    }

    private Optional<AnswerReader> ask(Question question, long deadline) throws InterruptedException {
        List<Integer> choice = ServerChoice.of(question.key(), servers.size());
        for (int i = 0; i < choice.size(); i++) {
            Server server = servers.get(choice.get(i));
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                break;
            }
            if (server.isSilent()) {
                continue;
            }
            // Whoever is slow must leave some time for those that stand in.
            Optional<AnswerReader> answer = server.ask(question, left / (choice.size() - i));
            if (answer.isPresent()) {
                answers(server);
                return answer;
            }
            isSilent(server);
        }
        return Optional.empty();
    }

    private boolean isKnownSilent(Server server) {
        synchronized (told) {
            return told.contains(server);
        }
    }

    private void isSilent(Server server) {
        boolean first;
        synchronized (told) {
            first = told.add(server);
        }
        if (first) {
            notices.accept("memcached " + server.address().shown() + " does not answer; going on without it");
        }
    }

    private void answers(Server server) {
        boolean again;
        synchronized (told) {
            again = !told.isEmpty() && told.remove(server);
        }
        if (again) {
            notices.accept("memcached " + server.address().shown() + " answers again");
        }
    }

    private String silence() {
        return names() + (servers.size() == 1 ? " does" : " do") + " not answer";
    }

    private String names() {
        List<String> names = new ArrayList<>();
        servers.forEach(server -> names.add(server.address().shown()));
        return "memcached " + String.join(", ", names);
    }

    @Override
    public void close() {
        servers.forEach(Server::close);
    }
}
