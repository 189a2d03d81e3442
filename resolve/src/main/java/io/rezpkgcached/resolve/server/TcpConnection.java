package io.rezpkgcached.resolve.server;

import java.io.IOException;
import java.net.Proxy;
import java.net.Socket;
import java.nio.ByteBuffer;

/** Over TCP. Not by a {@code SocketChannel}: before the first of them Java looks for a provider of its own in all jars. */
final class TcpConnection extends Connection {
    private final Socket socket;

    private TcpConnection(Socket socket) {
        this.socket = socket;
    }

    static TcpConnection to(ServerAddress.Tcp address, long deadline) throws IOException {
        Socket socket = new Socket(Proxy.NO_PROXY); // else Java reads net.properties for one
        try {
            socket.setTcpNoDelay(true);
            socket.connect(address.place(), milliseconds(deadline));
            return new TcpConnection(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    void send(ByteBuffer request, long deadline) throws IOException {
        byte[] bytes = new byte[request.remaining()];
        request.get(bytes);
        socket.getOutputStream().write(bytes);
    }

    @Override
    int read(byte[] into, long deadline) throws IOException {
        socket.setSoTimeout(milliseconds(deadline));
        return socket.getInputStream().read(into);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
