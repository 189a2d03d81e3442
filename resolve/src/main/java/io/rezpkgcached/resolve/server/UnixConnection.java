package io.rezpkgcached.resolve.server;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** Over a Unix socket. */
final class UnixConnection extends Connection {
    private final SocketChannel channel;
    private final Selector selector;

    private UnixConnection(SocketChannel channel, Selector selector) {
        this.channel = channel;
        this.selector = selector;
    }

    static UnixConnection to(ServerAddress.Unix address, long deadline) throws IOException {
        UnixConnection made = new UnixConnection(SocketChannel.open(StandardProtocolFamily.UNIX), Selector.open());
        try {
            made.channel.configureBlocking(false);
            made.channel.register(made.selector, 0);
            if (!made.channel.connect(address.place())) {
                do {
                    made.await(SelectionKey.OP_CONNECT, deadline);
                } while (!made.channel.finishConnect());
            }
            return made;
        } catch (IOException e) {
            made.close();
            throw e;
        }
    }

    @Override
    void send(ByteBuffer request, long deadline) throws IOException {
        while (request.hasRemaining()) {
            if (channel.write(request) == 0) {
                await(SelectionKey.OP_WRITE, deadline);
            }
        }
    }

    @Override
    int read(byte[] into, long deadline) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(into);
        int count = channel.read(buffer);
        while (count == 0) {
            await(SelectionKey.OP_READ, deadline);
            count = channel.read(buffer);
        }
        return count;
    }

    private void await(int operation, long deadline) throws IOException {
        channel.keyFor(selector).interestOps(operation);
        if (selector.select(milliseconds(deadline)) == 0) {
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
