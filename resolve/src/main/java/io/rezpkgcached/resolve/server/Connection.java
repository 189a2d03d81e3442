package io.rezpkgcached.resolve.server;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * Bytes to and from one server, over TCP or a Unix socket, each until a time of {@link System#nanoTime}. Not for several threads.
 */
final class Connection implements AutoCloseable {
    private static final int BUFFER = 1 << 16;
    private static final long NANOSECONDS = 1_000_000;

    private final SocketChannel channel;
    private final Selector selector;
    private final ByteBuffer in = ByteBuffer.allocate(BUFFER).limit(0);

    private Connection(SocketChannel channel, Selector selector) {
        this.channel = channel;
        this.selector = selector;
    }

    /**
     * Connects.
     *
     * @throws IOException if that has not come about by then
     */
    static Connection to(ServerAddress address, long deadline) throws IOException {
        SocketAddress place = address.place();
        boolean isUnix = place instanceof UnixDomainSocketAddress;
        SocketChannel channel = isUnix ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open();
        try {
            Connection made = new Connection(channel, Selector.open());
            try {
                made.connect(place, isUnix, deadline);
                return made;
            } catch (IOException e) {
                made.selector.close();
                throw e;
            }
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private void connect(SocketAddress place, boolean isUnix, long deadline) throws IOException {
        channel.configureBlocking(false);
        if (!isUnix) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
        channel.register(selector, 0);
        if (!channel.connect(place)) {
            do {
                await(SelectionKey.OP_CONNECT, deadline);
            } while (!channel.finishConnect());
        }
    }

    void send(ByteBuffer request, long deadline) throws IOException {
        while (request.hasRemaining()) {
            if (channel.write(request) == 0) {
                await(SelectionKey.OP_WRITE, deadline);
            }
        }
    }

    /** What has come and not been taken; at least one byte. */
    ByteBuffer received(long deadline) throws IOException {
        if (!in.hasRemaining()) {
            in.clear();
            int count = channel.read(in);
            while (count == 0) {
                await(SelectionKey.OP_READ, deadline);
                count = channel.read(in);
            }
            in.flip();
            if (count < 0) {
                throw new EOFException("memcached has closed the connection");
            }
        }
        return in;
    }

    private void await(int operation, long deadline) throws IOException {
        channel.keyFor(selector).interestOps(operation);
        long left = deadline - System.nanoTime();
        if (left <= 0 || selector.select(Math.max(1, left / NANOSECONDS)) == 0) {
            throw new SocketTimeoutException("no answer in time");
        }
        selector.selectedKeys().clear();
    }

    @Override
    public void close() throws IOException {
        selector.close();
        channel.close();
    }
}
