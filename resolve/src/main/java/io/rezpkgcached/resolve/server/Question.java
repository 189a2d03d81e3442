package io.rezpkgcached.resolve.server;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What a server is asked about one key, in memcached's text protocol. */
final class Question {
    private static final byte[] END = {'\r', '\n'};

    private final String key;
    private final byte[] request;

    private Question(String key, byte[] request) {
        if (!AdminConnection.isAskable(key)) { // its rest would be a command
            throw new IllegalArgumentException("not a key of memcached's text protocol");
        }
        this.key = key;
        this.request = request;
    }

    static Question get(String key) {
        return new Question(key, bytes("get " + key + "\r\n"));
    }

    static Question delete(String key) {
        return new Question(key, bytes("delete " + key + "\r\n"));
    }

    /** Stores for as long as the server keeps it. */
    static Question set(String key, byte[] value, int flags) {
        byte[] line = bytes("set " + key + " " + flags + " 0 " + value.length + "\r\n");
        return new Question(key, ByteBuffer.allocate(line.length + value.length + END.length).put(line).put(value)
                .put(END).array());
    }

    String key() {
        return key;
    }

    /** As it is sent; a new buffer each time. */
    ByteBuffer request() {
        return ByteBuffer.wrap(request);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
