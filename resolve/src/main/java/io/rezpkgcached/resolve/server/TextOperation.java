package io.rezpkgcached.resolve.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import net.spy.memcached.ops.OperationCallback;
import net.spy.memcached.ops.OperationState;
import net.spy.memcached.ops.OperationStatus;
import net.spy.memcached.protocol.BaseOperationImpl;

/**
 * A question in spymemcached's queue. Its own operations take lines without an end, and room for as many bytes as a server says that
 * there will be.
 */
final class TextOperation extends BaseOperationImpl {
    private final Question question;
    private final AnswerReader reader;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean isWhole;

    TextOperation(Question question) {
        this.question = question;
        this.reader = new AnswerReader(question);
        setCallback(new OperationCallback() {
            @Override
            public void receivedStatus(OperationStatus status) {
                // of an operation that is given up
            }

            @Override
            public void complete() {
                ended.countDown();
            }
        });
    }

    /** The answer; empty where none has come in time, or the connection is lost. */
    Optional<AnswerReader> await(long nanoseconds) throws InterruptedException {
        if (!ended.await(nanoseconds, TimeUnit.NANOSECONDS)) {
            timeOut(); // is not sent any more where it has not been
        }
        return isWhole ? Optional.of(reader) : Optional.empty();
    }

    @Override
    public void initialize() {
        setBuffer(question.request());
    }

    @Override
    public void readFromBuffer(ByteBuffer data) throws IOException {
        if (reader.take(data)) {
            isWhole = true;
            transitionState(OperationState.COMPLETE);
        }
    }

    @Override
    public byte[] getErrorMsg() {
        return new byte[0];
    }
}
