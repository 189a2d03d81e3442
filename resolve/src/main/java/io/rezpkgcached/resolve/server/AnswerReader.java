package io.rezpkgcached.resolve.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * Takes the answer to one question apart as its bytes come.
 *
 * <p>Holds no more than {@link #LARGEST} bytes of a value, however large the server says that it is, and no more than a short line
 * of anything else: what a larger value has is read and forgotten, so that the next answer is found behind it. What is no answer to the
 * question ends with an exception.
 */
final class AnswerReader {
    /** Four times what rez stores at most. */
    static final int LARGEST = 4 << 20;

    private static final int LONGEST_LINE = 1024;
    private static final Set<String> DONE = Set.of("END", "STORED", "NOT_STORED", "DELETED", "NOT_FOUND");

    /** The one kind of error that says something of the key, and not that it does not understand us. */
    private static final String REFUSED = "SERVER_ERROR";

    private final String key;
    private final StringBuilder line = new StringBuilder();
    private Answer answer = new Answer.Absent();
    private String status = "";
    private boolean inValue;
    private byte[] value = {};
    private int flags;
    private long size;
    private long read;

    AnswerReader(Question question) {
        this.key = question.key();
    }

    /**
     * Takes what has come.
     *
     * @return whether the answer is whole; the rest is the next one's
     * @throws IOException if it is no answer to this question
     */
    boolean take(ByteBuffer in) throws IOException {
        while (status.isEmpty() && in.hasRemaining()) {
            if (inValue) {
                takeValue(in);
            } else {
                takeLine(in);
            }
        }
        return !status.isEmpty();
    }

    /** The line that ended it. */
    String status() {
        return status;
    }

    /** Whether the server has done what it was asked, or said that there is nothing to do. */
    boolean isRefused() {
        return status.startsWith(REFUSED);
    }

    /** What there is under the key, where that was asked. */
    Answer answer() {
        return answer;
    }

    private void takeLine(ByteBuffer in) throws IOException {
        while (in.hasRemaining()) {
            char c = (char) (in.get() & 0xff);
            if (c == '\n') {
                boolean isWhole = !line.isEmpty() && line.charAt(line.length() - 1) == '\r';
                if (!isWhole) {
                    throw rubbish();
                }
                line.setLength(line.length() - 1);
                end(line.toString());
                line.setLength(0);
                return;
            }
            if (line.length() > LONGEST_LINE) {
                throw rubbish();
            }
            line.append(c);
        }
    }

    private void end(String text) throws IOException {
        if (text.startsWith("VALUE ") && answer instanceof Answer.Absent) {
            beginValue(text);
        } else if (DONE.contains(text) || text.startsWith(REFUSED)) {
            status = text;
        } else {
            throw rubbish();
        }
    }

    private void beginValue(String text) throws IOException {
        String start = "VALUE " + utf8(key) + " ";
        int blank = text.lastIndexOf(' ');
        if (!text.startsWith(start) || blank < start.length()) {
            throw rubbish();
        }
        try {
            flags = Integer.parseUnsignedInt(text, start.length(), blank, 10);
            size = Integer.parseUnsignedInt(text, blank + 1, text.length(), 10) & 0xffff_ffffL;
        } catch (NumberFormatException _) {
            throw rubbish();
        }
        value = new byte[size > LARGEST ? 0 : (int) size];
        read = 0;
        inValue = true;
    }

    /** The server sends the bytes of our key back, which are those of its UTF-8. */
    private static String utf8(String key) {
        return new String(key.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private void takeValue(ByteBuffer in) throws IOException {
        int count = (int) Math.min(in.remaining(), size - read);
        if (value.length == size) {
            in.get(value, (int) read, count);
        } else {
            in.position(in.position() + count);
        }
        read += count;
        while (read >= size && in.hasRemaining() && inValue) {
            if (in.get() != (read == size ? '\r' : '\n')) {
                throw rubbish();
            }
            inValue = read++ == size;
        }
        if (!inValue) {
            answer = value.length == size ? new Answer.Value(value, flags) : new Answer.TooLarge(size);
            value = new byte[0];
        }
    }

    private static IOException rubbish() {
        return new IOException("it does not answer as memcached does");
    }
}
