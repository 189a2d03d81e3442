package io.rezpkgcached.resolve.server;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** To a Unix socket, which spymemcached cannot reach: one question after the other over one connection. */
final class UnixLink implements Link {
    private final ServerAddress.Unix address;
    private final ReentrantLock lock = new ReentrantLock();
    private Optional<Connection> connection = Optional.empty();
    private boolean isClosed;

    UnixLink(ServerAddress.Unix address) {
        this.address = address;
    }

    @Override
    public Optional<AnswerReader> ask(Question question, long nanoseconds) throws InterruptedException {
        long deadline = System.nanoTime() + nanoseconds;
        if (!lock.tryLock(nanoseconds, TimeUnit.NANOSECONDS)) {
            return Optional.empty();
        }
        try {
            // A server that was started again has closed the connection, which shows only when it is used.
            boolean mayBeBroken = connection.isPresent();
            Optional<AnswerReader> answer = askOnce(question, deadline);
            return answer.isPresent() || !mayBeBroken ? answer : askOnce(question, deadline);
        } finally {
            lock.unlock();
        }
    }

    private Optional<AnswerReader> askOnce(Question question, long deadline) {
        if (isClosed || deadline - System.nanoTime() <= 0) {
            return Optional.empty();
        }
        try {
            if (connection.isEmpty()) {
                connection = Optional.of(Connection.to(address, deadline));
            }
            AnswerReader reader = new AnswerReader(question);
            connection.get().send(question.request(), deadline);
            boolean isWhole;
            do {
                isWhole = reader.take(connection.get().received(deadline));
            } while (!isWhole);
            return Optional.of(reader);
        } catch (IOException _) {
            disconnect(); // what may still come would be taken for the next answer
            return Optional.empty();
        }
    }

    private void disconnect() {
        try {
            if (connection.isPresent()) {
                connection.get().close();
            }
        } catch (IOException _) {
            // nobody uses it any more
        }
        connection = Optional.empty();
    }

    @Override
    public void close() {
        lock.lock();
        try {
            isClosed = true;
            disconnect();
        } finally {
            lock.unlock();
        }
    }
}
