package io.rezpkgcached.control;

import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import jdk.net.ExtendedSocketOptions;

/**
 * Listens on a Unix socket and answers, each connection on a thread of its own, so that one that does not read stops nobody. Whoever
 * asks is known by the kernel's word (SO_PEERCRED).
 */
public final class ControlServer implements AutoCloseable {
    private static final int MOST_CONNECTIONS = 64;

    /** A request is one short line. */
    private static final Duration ASK_WITHIN = Duration.ofSeconds(10);

    private static final Duration ALIVE_EVERY = Duration.ofSeconds(2);

    /** What a watcher that does not read may fall behind: some minutes of events. */
    private static final int MOST_WAITING = 2000;

    private final Path path;
    private final ServerSocketChannel server;
    private final Handler handler;
    private final Predicate<UserPrincipal> mayChange;
    private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();
    private final Set<Watcher> watchers = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** Answers one request. */
    @FunctionalInterface
    public interface Handler {
        /**
         * Answers a request other than watch.
         *
         * @param lines takes the lines before the last one
         * @return the last line
         */
        Reply answer(ControlRequest request, Lines lines) throws IOException, InterruptedException;
    }

    /** Takes lines of an answer. */
    @FunctionalInterface
    public interface Lines {
        void send(Reply reply) throws IOException;
    }

    /** What waits to be sent to one watcher. */
    private static final class Watcher {
        private final BlockingQueue<Reply> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
        private volatile boolean lost;

        void offer(Reply reply) {
            if (!waiting.offer(reply) && !(reply instanceof Reply.Progress)) {
                lost = true; // it would miss something: better it is told so, by being dropped
            }
        }
    }

    private ControlServer(Path path, ServerSocketChannel server, Handler handler,
            Predicate<UserPrincipal> mayChange) {
        this.path = path;
        this.server = server;
        this.handler = handler;
        this.mayChange = mayChange;
    }

    /**
     * Begins to listen.
     *
     * @param path      of the socket; what lies there is deleted
     * @param mayChange which users may do more than look
     */
    public static ControlServer listen(Path path, Handler handler, Predicate<UserPrincipal> mayChange)
            throws IOException {
        Files.deleteIfExists(path);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(path));
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
        ControlServer made = new ControlServer(path, server, handler, mayChange);
        Thread.ofPlatform().name("control").daemon().start(made::accept);
        return made;
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
        while (!closed) {
            try {
                SocketChannel channel = server.accept();
                if (connections.size() >= MOST_CONNECTIONS) {
                    channel.close();
                    continue;
                }
                connections.add(channel);
                Thread.ofPlatform().name("control-client").daemon().start(() -> serve(channel));
            } catch (IOException | RuntimeException _) {
                if (!server.isOpen()) {
                    return;
                }
            }
        }
    }

    private void serve(SocketChannel channel) {
        try (channel) {
            Lines lines = reply -> write(channel, reply);
            try {
                answer(ask(channel), channel, lines);
            } catch (ProtocolException e) {
                lines.send(new Reply.Refusal("protocol", e.getMessage()));
            }
        } catch (IOException _) {
            // the client went away, or did not ask in time
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            connections.remove(channel);
        }
    }

    private static ControlRequest ask(SocketChannel channel) throws IOException, InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        Thread clock = Thread.ofVirtual().start(() -> {
            try {
                if (!asked.await(ASK_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                    channel.close();
                }
            } catch (InterruptedException | IOException _) {
                // it is closed all the same
            }
        });
        try {
            InputStream in = Channels.newInputStream(channel);
            return ControlRequest.parse(Line.read(in, Line.MOST_OF_REQUEST)
                    .orElseThrow(() -> new ProtocolException("nothing was asked")));
        } finally {
            asked.countDown();
            clock.join();
        }
    }

    private void answer(ControlRequest request, SocketChannel channel, Lines lines)
            throws IOException, InterruptedException {
        UserPrincipal user = channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
        if (request.isChange() && !mayChange.test(user)) {
            lines.send(new Reply.Refusal("forbidden", "user " + user.getName() + " may only look"));
        } else if (request instanceof ControlRequest.Watch) {
            watch(lines);
        } else {
            lines.send(answerAlive(request, lines));
        }
    }

    /** With a sign of life between the lines, if it takes long. */
    private Reply answerAlive(ControlRequest request, Lines lines) throws InterruptedException {
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
            return answer(request, lines);
        } finally {
            answered.countDown();
            clock.join();
        }
    }

    private Reply answer(ControlRequest request, Lines lines) throws InterruptedException {
        try {
            return handler.answer(request, lines);
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
        }
    }

    /** One at a time: two threads may have something to say. */
    private static void write(SocketChannel channel, Reply reply) throws IOException {
        ByteBuffer line = ByteBuffer.wrap(Line.of(reply.toTree()));
        synchronized (channel) {
            while (line.hasRemaining()) {
                channel.write(line);
            }
        }
    }

    /** Ends all connections, whether their clients read or not. */
    @Override
    public void close() throws IOException {
        closed = true;
        server.close();
        Files.deleteIfExists(path);
        for (SocketChannel channel : connections) {
            channel.close();
        }
    }
}
