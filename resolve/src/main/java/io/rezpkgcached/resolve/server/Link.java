package io.rezpkgcached.resolve.server;

import java.util.Optional;

/** The way to one server, which is made when it is needed, and anew when it has broken. May be used by several threads. */
sealed interface Link extends AutoCloseable permits TcpLink, UnixLink {

    /**
     * Asks, and waits no longer than the time.
     *
     * @return empty where there is no connection, or no answer, or one that is none
     */
    Optional<AnswerReader> ask(Question question, long nanoseconds) throws InterruptedException;

    @Override
    void close();
}
