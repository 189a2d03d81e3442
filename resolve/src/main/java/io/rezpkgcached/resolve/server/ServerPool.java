package io.rezpkgcached.resolve.server;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import net.spy.memcached.CachedData;
import net.spy.memcached.MemcachedClient;
import net.spy.memcached.internal.OperationFuture;
import net.spy.memcached.ops.OperationErrorType;
import net.spy.memcached.ops.OperationException;
import net.spy.memcached.ops.OperationStatus;

/**
 * The servers that together hold the cache.
 *
 * <p>No call takes longer than the limit, however many servers are slow or gone: one that has not answered is left alone for a
 * while, and keys of a server that is left alone or not connected go to the one that rez's client would take instead. That a
 * server does not answer is told once, until it does again. May be used by several threads.
 */
public final class ServerPool implements AutoCloseable {
    /** As rez's client. */
    private static final Duration SILENCE = Duration.ofSeconds(30);

    /** rez's client does not send larger ones. */
    public static final int LARGEST_VALUE = 1 << 20;

    private final List<Server> servers;
    private final long limit;
    private final Duration silence;
    private final Consumer<String> notices;
    private final Raw raw = new Raw();
    private final Set<Server> told = new HashSet<>();

    /**
     * Begins to connect.
     *
     * @param limit for each call
     * @param notices takes a line when a server does not answer, and one when it does again
     */
    public ServerPool(List<ServerAddress> addresses, Duration limit, Consumer<String> notices) {
        this(addresses, limit, SILENCE, notices);
    }

    ServerPool(List<ServerAddress> addresses, Duration limit, Duration silence, Consumer<String> notices) {
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("no servers");
        }
        System.setProperty(Quiet.PROPERTY, Quiet.class.getName());
        this.limit = limit.toNanos();
        this.silence = silence;
        this.notices = notices;
        this.servers = addresses.stream().map(Server::new).toList();
    }

    /** A question to one server. */
    private interface Operation<T> {
        Future<T> start(MemcachedClient client);
    }

    /** What came of it: at which server, and what; empty where none has answered. */
    private record Result<T>(Optional<T> value, boolean answered, OperationStatus status) {}

    /** The value of a key. */
    public Answer get(String key) throws InterruptedException {
        Result<CachedData> result = perform(key, client -> client.asyncGet(key, raw));
        if (!result.answered()) {
            return new Answer.Silence(names() + (servers.size() == 1 ? " does" : " do") + " not answer");
        }
        if (!result.status().isSuccess()) {
            return new Answer.Silence(names() + ": " + result.status().getMessage());
        }
        return result.value().<Answer>map(data -> new Answer.Value(data.getData(), data.getFlags()))
                .orElseGet(Answer.Absent::new);
    }

    /** Stores a value for as long as the server keeps it; empty if it did, else why not. */
    public Optional<String> set(String key, byte[] value, int flags) throws InterruptedException {
        if (value.length > LARGEST_VALUE) {
            return Optional
                    .of("the value has " + value.length + " bytes, and rez stores no more than " + LARGEST_VALUE);
        }
        return refusal(
                perform(key, client -> client.set(key, 0, new CachedData(flags, value, CachedData.MAX_SIZE), raw)));
    }

    /** Deletes a value; empty if it is gone, else why that is not known. */
    public Optional<String> delete(String key) throws InterruptedException {
        Result<Boolean> result = perform(key, client -> client.delete(key));
        return result.answered() ? Optional.empty() : refusal(result);
    }

    private Optional<String> refusal(Result<Boolean> result) {
        if (!result.answered()) {
            return Optional.of(names() + (servers.size() == 1 ? " does" : " do") + " not answer");
        }
        return result.value().orElse(false)
                ? Optional.empty()
                : Optional.of("the server refuses it: " + result.status().getMessage());
    }

    private <T> Result<T> perform(String key, Operation<T> operation) throws InterruptedException {
        long deadline = System.nanoTime() + limit;
        List<Integer> choice = ServerChoice.of(key, servers.size()).stream().distinct().toList();
        for (int i = 0; i < choice.size(); i++) {
            Server server = servers.get(choice.get(i));
            if (server.isSilent()) {
                continue;
            }
            // Whoever is slow must leave some time for those that stand in.
            long share = (deadline - System.nanoTime()) / (choice.size() - i);
            Optional<Result<T>> result = ask(server, operation, share);
            if (result.isPresent()) {
                answers(server);
                return result.get();
            }
            isSilent(server);
        }
        return new Result<>(Optional.empty(), false, new OperationStatus(false, "silent"));
    }

    private <T> Optional<Result<T>> ask(Server server, Operation<T> operation, long nanoseconds)
            throws InterruptedException {
        long end = System.nanoTime() + nanoseconds;
        boolean wasKnown = server.isKnown();
        Optional<MemcachedClient> client = server.client(nanoseconds);
        Optional<Result<T>> result = client.isEmpty()
                ? Optional.empty()
                : ask(client.get(), operation, end - System.nanoTime());
        if (result.isEmpty() && (client.isPresent() || !wasKnown)) {
            server.silent(silence); // it has cost time, and would again
        }
        return result;
    }

    private static <T> Optional<Result<T>> ask(MemcachedClient client, Operation<T> operation, long nanoseconds)
            throws InterruptedException {
        try {
            Future<T> future = operation.start(client);
            T value = future.get(Math.max(nanoseconds, 1), TimeUnit.NANOSECONDS);
            OperationStatus status = future instanceof OperationFuture<?> ended
                    ? ended.getStatus()
                    : new OperationStatus(true, "");
            return Optional.of(new Result<>(Optional.ofNullable(value), true, status));
        } catch (ExecutionException e) {
            return e.getCause() instanceof OperationException refusal && refusal.getType() == OperationErrorType.SERVER
                    ? Optional.of(new Result<>(Optional.empty(), true,
                            new OperationStatus(false, String.valueOf(refusal.getMessage()))))
                    : Optional.empty();
        } catch (TimeoutException | RuntimeException _) {
            return Optional.empty(); // a cancelled operation, a full queue, rubbish: it is silent, whatever the kind
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
            again = told.remove(server);
        }
        if (again) {
            notices.accept("memcached " + server.address().shown() + " answers again");
        }
    }

    private String names() {
        return "memcached " + String.join(", ", servers.stream().map(server -> server.address().shown()).toList());
    }

    @Override
    public void close() {
        servers.forEach(Server::close);
    }
}
