package io.rezpkgcached.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

/**
 * One client. A client that asks nothing, or does not read what it is told, is dropped by {@link #dropIfStuck}: until then
 * it holds up the thread that talks to it, and no other.
 */
final class Connection implements AutoCloseable {
    /** A request is one short line. */
    static final Duration ASK_WITHIN = Duration.ofSeconds(10);

    /** A client that reads at all makes room for a line in a moment; one that was stopped never does. */
    static final Duration READ_WITHIN = Duration.ofSeconds(5);

    private final SocketChannel channel;
    private volatile Optional<Wait> wait = Optional.empty();

    /** What the client is to do, and until when. */
    private record Wait(boolean isForRequest, long end) {
        static Optional<Wait> of(boolean isForRequest, Duration atMost) {
            return Optional.of(new Wait(isForRequest, System.nanoTime() + atMost.toNanos()));
        }

        boolean isOver() {
            return System.nanoTime() - end > 0;
        }
    }

    Connection(SocketChannel channel) {
        this.channel = channel;
    }

    /** Who it is, by the kernel's word. */
    Peer peer() throws IOException {
        UnixDomainPrincipal principal = channel.getOption(ExtendedSocketOptions.SO_PEERCRED);
        return new Peer(principal.user(), principal.group());
    }

    /** Whether it is this user; false of one that has gone. */
    boolean isOf(String user) {
        try {
            return peer().user().getName().equals(user);
        } catch (IOException _) {
            return false;
        }
    }

    ControlRequest request() throws IOException {
        wait = Wait.of(true, ASK_WITHIN);
        try {
            return ControlRequest.parse(Line.read(Channels.newInputStream(channel), Line.MOST_OF_REQUEST)
                    .orElseThrow(() -> new ProtocolException("nothing was asked")));
        } finally {
            wait = Optional.empty();
        }
    }

    /** Lines of several threads do not mix. */
    void send(Reply reply) throws IOException {
        ByteBuffer line = ByteBuffer.wrap(Line.of(reply.toTree()));
        synchronized (channel) {
            wait = Wait.of(false, READ_WITHIN);
            try {
                while (line.hasRemaining()) {
                    channel.write(line);
                }
            } finally {
                wait = Optional.empty();
            }
        }
    }

    /** To be called again and again, by a thread that talks to no client. */
    void dropIfStuck() throws IOException {
        Optional<Wait> over = wait.filter(Wait::isOver);
        if (over.isEmpty()) {
            return;
        }
        if (over.get().isForRequest()) { // it was told nothing yet, so that there is room for a line
            send(new Reply.Refusal("protocol", "nothing was asked within " + ASK_WITHIN.toSeconds() + " s"));
        }
        close();
    }

    /** Ends what any thread waits for here. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
