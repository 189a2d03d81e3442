package io.rezpkgcached.control;

import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.StateFile;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One question to the daemon of a cache, and the answer line by line. */
public final class ControlClient implements AutoCloseable {
    private final SocketChannel channel;
    private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();

    /** A line, or what went wrong in its place. */
    private sealed interface Arrival {
        record Line(Reply reply) implements Arrival {}

        record Failure(IOException cause) implements Arrival {}
    }

    private ControlClient(SocketChannel channel) {
        this.channel = channel;
    }

    /** Asks the daemon of a cache; empty if none listens where we can come. */
    public static Optional<ControlClient> ask(CacheLayout layout, ControlRequest request) throws IOException {
        try {
            return reach(layout, request);
        } catch (UnreachableDaemonException _) {
            return Optional.empty(); // it has just ended, or was killed, or is another user's
        }
    }

    /**
     * The same, for who wants to know.
     *
     * @throws UnreachableDaemonException if nobody listens where the daemon says that it does, or we may not go there
     */
    public static Optional<ControlClient> reach(CacheLayout layout, ControlRequest request) throws IOException {
        Optional<Map<String, Object>> file = StateFile.read(layout.daemonFile());
        if (file.isEmpty() || !(file.get().get("socket") instanceof String socket)) {
            return Optional.empty();
        }
        SocketChannel channel;
        try {
            channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            throw new UnreachableDaemonException(socket, e);
        }
        try {
            ByteBuffer line = ByteBuffer.wrap(Line.of(request.toTree()));
            while (line.hasRemaining()) {
                channel.write(line);
            }
        } catch (IOException _) {
            // it closed the connection: what it said before, if anything, is there to be read
        }
        ControlClient client = new ControlClient(channel);
        Thread.ofPlatform().name("control").daemon().start(client::read);
        return Optional.of(client);
    }

    private void read() {
        try (InputStream in = new BufferedInputStream(Channels.newInputStream(channel))) {
            while (true) {
                Optional<Map<String, Object>> object = Line.read(in, Line.MOST_OF_REPLY);
                if (object.isEmpty()) {
                    arrivals.add(new Arrival.Failure(new DaemonEndedException()));
                    return;
                }
                arrivals.add(new Arrival.Line(Reply.parse(object.get())));
            }
        } catch (ProtocolException e) {
            arrivals.add(new Arrival.Failure(e));
        } catch (IOException e) {
            arrivals.add(new Arrival.Failure(new DaemonEndedException(e)));
        }
    }

    /**
     * The next line.
     *
     * @param silence how long to wait for it; while one waits for something the daemon says every 2 s that it is alive
     * @throws SilentDaemonException if none came
     * @throws DaemonEndedException  if the daemon went away
     */
    public Reply next(Duration silence) throws IOException, InterruptedException {
        Arrival arrival = arrivals.poll(silence.toMillis(), TimeUnit.MILLISECONDS);
        return switch (arrival) {
            case null -> throw new SilentDaemonException(silence);
            case Arrival.Line line -> line.reply();
            case Arrival.Failure failure -> {
                arrivals.add(arrival); // for whoever asks again
                throw failure.cause();
            }
        };
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
