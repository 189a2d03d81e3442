package io.rezpkgcached.resolve.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import net.spy.memcached.ConnectionFactory;
import net.spy.memcached.ConnectionFactoryBuilder;
import net.spy.memcached.ConnectionObserver;
import net.spy.memcached.FailureMode;
import net.spy.memcached.MemcachedConnection;
import net.spy.memcached.MemcachedNode;

/**
 * To a port: one connection of spymemcached, which sends the questions of all threads without waiting for answers in between, and
 * connects again by itself. Names are looked up in a thread of their own.
 */
final class TcpLink implements Link {
    private static final long SECONDS_BETWEEN_TRIES = 1;

    private final ServerAddress.Tcp address;

    /** The connection that is being made or is there. */
    private Attempt attempt;

    private boolean isClosed;

    TcpLink(ServerAddress.Tcp address) {
        System.setProperty(Quiet.PROPERTY, Quiet.class.getName());
        this.address = address;
        this.attempt = new Attempt();
    }

    @Override
    public Optional<AnswerReader> ask(Question question, long nanoseconds) throws InterruptedException {
        long end = System.nanoTime() + nanoseconds;
        Optional<MemcachedConnection> connection = attempt().connection(nanoseconds);
        if (connection.isEmpty()) {
            return Optional.empty();
        }
        TextOperation operation = new TextOperation(question);
        try {
            connection.get().enqueueOperation(question.key(), operation);
        } catch (IllegalStateException _) {
            return Optional.empty(); // a full queue, or it is being closed
        }
        return operation.await(Math.max(end - System.nanoTime(), 1));
    }

    private synchronized Attempt attempt() {
        if (!isClosed && attempt.isOver()) {
            attempt = new Attempt();
        }
        return attempt;
    }

    @Override
    public synchronized void close() {
        isClosed = true;
        attempt.close();
    }

    /** One connection of spymemcached, from the time that its address is looked up. */
    private final class Attempt implements ConnectionObserver {
        private final CountDownLatch made = new CountDownLatch(1);
        private final CountDownLatch tried = new CountDownLatch(1);
        private final long since = System.nanoTime();
        private volatile Optional<MemcachedConnection> connection = Optional.empty();
        private volatile boolean isConnected;
        private volatile boolean isGivenUp;

        Attempt() {
            Thread.ofPlatform().daemon().name("memcached-" + address.shown()).start(this::make);
        }

        private void make() {
            try {
                MemcachedConnection opened = new Watched(new ConnectionFactoryBuilder().setDaemon(true)
                        .setProtocol(ConnectionFactoryBuilder.Protocol.TEXT).setFailureMode(FailureMode.Cancel)
                        .setUseNagleAlgorithm(false).setShouldOptimize(false)
                        .setMaxReconnectDelay(SECONDS_BETWEEN_TRIES)
                        .setTimeoutExceptionThreshold(Integer.MAX_VALUE - 1).build(), address.place());
                connection = Optional.of(opened);
                if (isGivenUp) {
                    shutDown(opened);
                }
            } catch (IOException | RuntimeException _) {
                tried.countDown(); // whoever asks is told that there is none, and it is tried again
            } finally {
                made.countDown();
            }
        }

        /** Whether it will never be of use: there is no such host, or spymemcached's thread has died. */
        boolean isOver() {
            return made.getCount() == 0 && connection.map(opened -> !opened.isAlive())
                    .orElse(System.nanoTime() - since > TimeUnit.SECONDS.toNanos(SECONDS_BETWEEN_TRIES));
        }

        /** The connection where there is one, or is one at the first try within the time. */
        Optional<MemcachedConnection> connection(long nanoseconds) throws InterruptedException {
            long end = System.nanoTime() + nanoseconds;
            if (!tried.await(nanoseconds, TimeUnit.NANOSECONDS) || !isConnected) {
                return Optional.empty();
            }
            // It is connected before its constructor ends.
            return made.await(Math.max(end - System.nanoTime(), 1), TimeUnit.NANOSECONDS)
                    ? connection
                    : Optional.empty();
        }

        @Override
        public void connectionEstablished(SocketAddress place, int count) {
            isConnected = true;
            tried.countDown();
        }

        @Override
        public void connectionLost(SocketAddress place) {
            isConnected = false;
        }

        void close() {
            isGivenUp = true;
            connection.ifPresent(TcpLink::shutDown);
        }

        /** Says that a try has failed, of which spymemcached tells its log alone. Its thread runs before its constructor ends. */
        private final class Watched extends MemcachedConnection {
            private static final int READ_BUFFER = 1 << 14;

            Watched(ConnectionFactory factory, InetSocketAddress place) throws IOException {
                super(READ_BUFFER, factory, List.of(place), List.of(Attempt.this), FailureMode.Cancel,
                        factory.getOperationFactory());
            }

            @Override
            protected void queueReconnect(MemcachedNode node) {
                isConnected = false;
                tried.countDown();
                super.queueReconnect(node);
            }
        }
    }

    private static void shutDown(MemcachedConnection connection) {
        try {
            connection.shutdown();
        } catch (IOException | RuntimeException _) {
            // nobody asks it any more
        }
    }
}
