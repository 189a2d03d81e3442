package io.rezpkgcached.resolve.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import net.spy.memcached.ConnectionFactoryBuilder;
import net.spy.memcached.ConnectionObserver;
import net.spy.memcached.FailureMode;
import net.spy.memcached.MemcachedClient;

/**
 * One server, and the connection to it, which is made in the background and made again when it breaks. Names are looked up in
 * the background, too.
 */
final class Server implements AutoCloseable {
    private static final long SECONDS_BETWEEN_TRIES = 1;

    private final ServerAddress address;
    private final CountDownLatch firstContact = new CountDownLatch(1);
    private final CompletableFuture<MemcachedClient> client = new CompletableFuture<>();
    private volatile boolean connected;
    private volatile boolean closed;

    /** Of {@link System#nanoTime}: until then it is left alone, since it has not answered; 0: it has. */
    private volatile long silentUntil;

    Server(ServerAddress address) {
        this.address = address;
        Thread.ofPlatform().daemon().name("memcached-" + address.shown()).start(this::connect);
    }

    private void connect() {
        try {
            InetSocketAddress found = new InetSocketAddress(InetAddress.getByName(address.host()), address.port());
            MemcachedClient made = new MemcachedClient(new ConnectionFactoryBuilder().setDaemon(true)
                    .setProtocol(ConnectionFactoryBuilder.Protocol.TEXT).setFailureMode(FailureMode.Cancel)
                    .setUseNagleAlgorithm(false).setShouldOptimize(false)
                    .setMaxReconnectDelay(SECONDS_BETWEEN_TRIES).setTimeoutExceptionThreshold(Integer.MAX_VALUE - 1)
                    .setInitialObservers(List.of(new Observer())).build(), List.of(found));
            client.complete(made);
            if (closed) {
                made.shutdown();
            }
        } catch (IOException | RuntimeException _) {
            // It is never connected, which whoever asks is told.
        }
    }

    private final class Observer implements ConnectionObserver {
        @Override
        public void connectionEstablished(SocketAddress place, int count) {
            connected = true;
            silentUntil = 0;
            firstContact.countDown();
        }

        @Override
        public void connectionLost(SocketAddress place) {
            connected = false;
        }
    }

    ServerAddress address() {
        return address;
    }

    boolean isSilent() {
        return silentUntil != 0 && System.nanoTime() - silentUntil < 0;
    }

    /** Whether there has ever been a connection. */
    boolean isKnown() {
        return firstContact.getCount() == 0;
    }

    /** The client where it is connected, or is for the first time within the time. */
    Optional<MemcachedClient> client(long nanoseconds) throws InterruptedException {
        try {
            long end = System.nanoTime() + nanoseconds;
            if (!firstContact.await(nanoseconds, TimeUnit.NANOSECONDS) || !connected) {
                return Optional.empty();
            }
            // It is connected before its constructor ends.
            return Optional.of(client.get(Math.max(end - System.nanoTime(), 1), TimeUnit.NANOSECONDS));
        } catch (ExecutionException | TimeoutException _) {
            return Optional.empty();
        }
    }

    /** Leaves it alone for a time. */
    void silent(Duration time) {
        long until = System.nanoTime() + time.toNanos();
        silentUntil = until == 0 ? 1 : until;
    }

    @Override
    public void close() {
        closed = true;
        if (client.isDone()) {
            client.join().shutdown();
        }
    }
}
