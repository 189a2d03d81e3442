package io.rezpkgcached.resolve.server;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** One server, which is left alone for a time after it has cost time and not answered. */
final class Server implements AutoCloseable {
    /** One that is known to be down is said to be so at once, and may be asked again at once. */
    private static final long COSTLY = Duration.ofMillis(5).toNanos();

    private final ServerAddress address;
    private final Link link;
    private final long silence;

    /** Of {@link System#nanoTime}: until then it is left alone; 0: it is not. */
    private final AtomicLong silentUntil = new AtomicLong();

    Server(ServerAddress address, Duration silence) {
        this.address = address;
        this.silence = silence.toNanos();
        // Not a switch over patterns: its code is made at run time, in milliseconds that a command does not have.
        this.link = address instanceof ServerAddress.Tcp tcp
                ? new TcpLink(tcp)
                : new UnixLink((ServerAddress.Unix) address);
    }

    ServerAddress address() {
        return address;
    }

    boolean isSilent() {
        long until = silentUntil.get();
        return until != 0 && System.nanoTime() - until < 0;
    }

    /** Asks, and waits no longer than the time; empty where that was in vain. */
    Optional<AnswerReader> ask(Question question, long nanoseconds) throws InterruptedException {
        long start = System.nanoTime();
        Optional<AnswerReader> answer = link.ask(question, nanoseconds);
        if (answer.isPresent()) {
            silentUntil.set(0);
        } else if (System.nanoTime() - start > COSTLY) {
            silentUntil.set(Math.max(System.nanoTime() + silence, 1));
        }
        return answer;
    }

    @Override
    public void close() {
        link.close();
    }
}
