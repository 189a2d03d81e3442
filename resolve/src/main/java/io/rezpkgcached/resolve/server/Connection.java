package io.rezpkgcached.resolve.server;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;

/** Bytes to and from one server, each until a time of {@link System#nanoTime}. Not for several threads. */
abstract sealed class Connection implements AutoCloseable permits TcpConnection, UnixConnection {
    private static final int BUFFER = 1 << 16;
    private static final long NANOSECONDS = 1_000_000;

    private final ByteBuffer in = ByteBuffer.allocate(BUFFER).limit(0);

    /**
     * Connects.
     *
     * @throws IOException if that has not come about by then
     */
    static Connection to(ServerAddress address, long deadline) throws IOException {
        // Not a switch over patterns: its code is made at run time, in milliseconds that a command does not have.
        return address instanceof ServerAddress.Tcp tcp
                ? TcpConnection.to(tcp, deadline)
                : UnixConnection.to((ServerAddress.Unix) address, deadline);
    }

    /** A request is small enough to be taken at once by a server that takes anything. */
    abstract void send(ByteBuffer request, long deadline) throws IOException;

    /** Reads at least one byte into an array; -1 at the end. */
    abstract int read(byte[] into, long deadline) throws IOException;

    /** What has come and not been taken; at least one byte. */
    ByteBuffer received(long deadline) throws IOException {
        if (!in.hasRemaining()) {
            int count = read(in.array(), deadline);
            if (count < 0) {
                throw new EOFException("memcached has closed the connection");
            }
            in.position(0).limit(count);
        }
        return in;
    }

    /** What is left until then, at least one. */
    static int milliseconds(long deadline) throws SocketTimeoutException {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
            throw new SocketTimeoutException("no answer in time");
        }
        return (int) Math.max(1, left / NANOSECONDS);
    }

    @Override
    public abstract void close() throws IOException;
}
