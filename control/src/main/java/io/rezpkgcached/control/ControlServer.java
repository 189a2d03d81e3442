package io.rezpkgcached.control;

import io.rezpkgcached.cache.posix.Accounts;
import io.rezpkgcached.cache.posix.Posix;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Listens on a Unix socket and answers, each connection on a thread of its own, so that one that does not read stops nobody. Whoever
 * asks is known by the kernel's word (SO_PEERCRED).
 */
public final class ControlServer implements AutoCloseable {
    private static final int MOST_CONNECTIONS = 64;

    /** One user leaves room for others; what commands do takes one connection at a time. */
    private static final int MOST_OF_ONE_USER = 32;

    /** Of the connections, for root and the daemon's own user: two others could take all. */
    private static final int KEPT = 8;

    /** So many may ask a daemon that does not answer now, before one more waits where nothing ends its wait. */
    private static final int BACKLOG = 1024;

    private static final Duration ALIVE_EVERY = Duration.ofSeconds(2);

    /** How often to look for clients that are stuck. */
    private static final Duration LOOK_AFTER = Duration.ofMillis(500);

    /** How long the end waits for watchers to be told of it. */
    private static final Duration TELL_END_WITHIN = Duration.ofSeconds(1);

    /** What a watcher that does not read may fall behind: some minutes of events. */
    private static final int MOST_WAITING = 2000;

    private final Path path;
    private final Object key;
    private final ServerSocketChannel server;
    private final Handler handler;
    private final Rights rights;
    private final int own = Posix.geteuid();
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final Set<Watcher> watchers = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Answers one request. */
    @FunctionalInterface
    public interface Handler {
        /**
         * Answers a request other than watch.
         *
         * @param lines takes the lines before the last one
         * @return the last line
         */
        Reply answer(ControlRequest request, Peer peer, Lines lines) throws IOException, InterruptedException;
    }

    /** Decides who may ask what. */
    @FunctionalInterface
    public interface Rights {
        /** Why somebody may not have this done; empty if he may. */
        Optional<Reply.Refusal> forbid(ControlRequest request, Peer peer);
    }

    /** Takes lines of an answer. */
    @FunctionalInterface
    public interface Lines {
        void send(Reply reply) throws IOException;
    }

    /** What waits to be sent to one watcher. */
    private static final class Watcher {
        private final BlockingQueue<Reply> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile boolean lost;

        void offer(Reply reply) {
            if (waiting.offer(reply) || reply instanceof Reply.Progress) {
                return;
            }
            waiting.removeIf(Reply.Progress.class::isInstance);
            if (!waiting.offer(reply)) {
                lost = true; // it would miss something: better it is told so, by being dropped
            }
        }
    }

    private ControlServer(Path path, Object key, ServerSocketChannel server, Handler handler,
            Rights rights) {
        this.path = path;
        this.key = key;
        this.server = server;
        this.handler = handler;
        this.rights = rights;
    }

    /**
     * Begins to listen. Every user may connect, if the folder lets him: the rights say what he may ask.
     *
     * @param path of the socket; what lies there is deleted
     */
    public static ControlServer listen(Path path, Handler handler, Rights rights) throws IOException {
        Files.deleteIfExists(path);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(path), BACKLOG);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));
            ControlServer made = new ControlServer(path, key(path), server, handler, rights);
            Thread.ofPlatform().name("control").daemon().start(made::accept);
            Thread.ofPlatform().name("control-clock").daemon().start(made::dropStuck);
            return made;
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private static Object key(Path path) throws IOException {
        return Files.getAttribute(path, "unix:fileKey");
    }

    public Path path() {
        return path;
    }

    /** Tells all who watch; never waits. */
    public void tell(Reply reply) {
        watchers.forEach(watcher -> watcher.offer(reply));
    }

    /** Whether somebody watches: only then is it worth while to look how far copies are. */
    public boolean isWatched() {
        return !watchers.isEmpty();
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                Connection connection = new Connection(server.accept());
                Optional<String> full = full(connection);
                if (full.isPresent()) {
                    try (connection) {
                        connection.send(new Reply.Refusal("busy", full.get()));
                    }
                    continue;
                }
                connections.add(connection);
                Thread.ofPlatform().name("control-client").daemon().start(() -> serve(connection));
            } catch (IOException | RuntimeException _) {
                isClosedWithin(LOOK_AFTER); // where there are no more descriptors, trying on would only burn time
            }
        }
    }

    private Optional<String> full(Connection connection) throws IOException {
        String user = connection.peer().user().getName();
        OptionalInt number = Accounts.userId(user);
        boolean isPrivileged = number.isPresent() && (number.getAsInt() == 0 || number.getAsInt() == own);
        if (connections.size() >= (isPrivileged ? MOST_CONNECTIONS : MOST_CONNECTIONS - KEPT)) {
            return Optional.of("the daemon has " + connections.size() + " clients, and takes no more at a time");
        }
        long his = connections.stream().filter(other -> other.isOf(user)).count();
        return his >= MOST_OF_ONE_USER && !isPrivileged
                ? Optional.of("user " + user + " has " + his + " connections, and gets no more at a time")
                : Optional.empty();
    }

    private void dropStuck() {
        while (!isClosedWithin(LOOK_AFTER)) {
            for (Connection connection : connections) {
                try {
                    connection.dropIfStuck();
                } catch (IOException _) {
                    // it has gone by itself
                }
            }
        }
    }

    private boolean isClosedWithin(Duration time) {
        try {
            return closed.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            return true;
        }
    }

    private void serve(Connection connection) {
        try (connection) {
            try {
                answer(connection.request(), connection);
            } catch (ProtocolException e) {
                connection.send(new Reply.Refusal("protocol", e.getMessage()));
            }
        } catch (IOException _) {
            // the client went away, or was dropped
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            connections.remove(connection);
        }
    }

    private void answer(ControlRequest request, Connection connection) throws IOException, InterruptedException {
        Peer peer = connection.peer();
        Optional<Reply.Refusal> forbidden = rights.forbid(request, peer);
        if (forbidden.isPresent()) {
            connection.send(forbidden.get());
        } else if (request instanceof ControlRequest.Watch) {
            watch(connection::send);
        } else {
            connection.send(answerAlive(request, peer, connection::send));
        }
    }

    /** With a sign of life between the lines, if it takes long. */
    private Reply answerAlive(ControlRequest request, Peer peer, Lines lines) throws InterruptedException {
        CountDownLatch answered = new CountDownLatch(1); // an interrupt would close the channel
        Thread clock = Thread.ofVirtual().start(() -> {
            try {
                while (!answered.await(ALIVE_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                    lines.send(new Reply.Alive());
                }
            } catch (InterruptedException | IOException _) {
                // nobody listens any more
            }
        });
        try {
            return answer(request, peer, lines);
        } finally {
            answered.countDown();
            clock.join();
        }
    }

    private Reply answer(ControlRequest request, Peer peer, Lines lines) throws InterruptedException {
        try {
            return handler.answer(request, peer, lines);
        } catch (IOException e) {
            return new Reply.Refusal("failed", e.toString());
        } catch (RuntimeException e) {
            return new Reply.Refusal("failed", "a bug in the daemon: " + e);
        }
    }

    private void watch(Lines lines) throws IOException, InterruptedException {
        Watcher watcher = new Watcher();
        watchers.add(watcher);
        try {
            lines.send(new Reply.Watching());
            while (!watcher.lost) {
                Reply reply = Optional
                        .ofNullable(watcher.waiting.poll(ALIVE_EVERY.toMillis(), TimeUnit.MILLISECONDS))
                        .orElse(new Reply.Alive());
                lines.send(reply);
                if (reply.isLast()) {
                    return;
                }
            }
        } finally {
            watchers.remove(watcher);
            watcher.ended.countDown();
        }
    }

    /**
     * Tells watchers, after all that they were told before, that the daemon stops; those that do not read are left
     * after a second. Then ends all connections.
     */
    @Override
    public void close() throws IOException {
        if (isOurs()) {
            Files.deleteIfExists(path);
        }
        server.close();
        long end = System.nanoTime() + TELL_END_WITHIN.toNanos();
        tell(new Reply.Stopping());
        try {
            for (Watcher watcher : watchers) {
                if (!watcher.ended.await(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    break;
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        closed.countDown();
        for (Connection connection : connections) {
            connection.close();
        }
    }

    /** Where our folder in the cache was deleted, another daemon may serve the same cache, and listen here. */
    private boolean isOurs() {
        try {
            return key(path).equals(key);
        } catch (IOException _) {
            return false; // it has gone
        }
    }
}
