package io.rezpkgcached.cache.json;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Decodes UTF-8 strictly, counts bytes, and remembers how the text ended.
 *
 * <p>The JDK's reader does not tell a sequence that is
 * cut off by the end of the input from one that is wrong: hence this class. Closing does nothing.
 */
final class Utf8Reader extends Reader {
    private static final int BUFFER = 8192;
    private static final int TAIL = 8;
    private static final int NONE = -1;

    private final InputStream in;
    private final long limit;
    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    private final ByteBuffer bytes = ByteBuffer.allocate(BUFFER).flip();
    private final StringBuilder tail = new StringBuilder();
    private int held = NONE;
    private long taken;
    private boolean ended;

    Utf8Reader(InputStream in, long limit) {
        this.in = in;
        this.limit = limit;
    }

    /** The last characters that were handed out, up to eight, or nothing while the end was not yet seen. */
    String textBeforeEnd() {
        return ended ? tail.toString() : "";
    }

    @Override
    public int read(char[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (held != NONE && length > 0) {
            target[offset] = (char) held;
            held = NONE;
            return 1;
        }
        CharBuffer chars = CharBuffer.wrap(target, offset, length);
        while (true) {
            CoderResult result = decoder.decode(bytes, chars, false);
            int count = chars.position() - offset;
            if (count > 0 || length == 0) {
                checkStart(target, offset, count);
                remember(target, offset, count);
                return count;
            }
            if (result.isError()) {
                throw JsonException.malformed("not UTF-8 at byte " + (taken - bytes.remaining()));
            }
            if (result.isOverflow()) {
                return hold(target, offset);
            }
            if (ended) {
                return end();
            }
            fill();
        }
    }

    /** Python takes a byte order mark for an error, Gson for nothing. */
    private void checkStart(char[] text, int offset, int count) throws JsonException {
        if (count > 0 && tail.isEmpty() && text[offset] == '\ufeff') {
            throw JsonException.malformed("begins with a byte order mark");
        }
    }

    /** There is room for half a surrogate pair only. */
    private int hold(char[] target, int offset) {
        char[] pair = new char[2];
        decoder.decode(bytes, CharBuffer.wrap(pair), false);
        remember(pair, 0, pair.length);
        target[offset] = pair[0];
        held = pair[1];
        return 1;
    }

    private int end() throws JsonException {
        if (bytes.hasRemaining()) {
            throw JsonException.cutShort("ended within a UTF-8 character, at byte " + taken);
        }
        return -1;
    }

    private void fill() throws IOException {
        bytes.compact();
        int count = in.read(bytes.array(), bytes.position(), bytes.remaining());
        if (count < 0) {
            ended = true;
        } else {
            taken += count;
            bytes.position(bytes.position() + count);
        }
        bytes.flip();
        if (taken > limit) {
            throw JsonException.malformed("larger than the limit of " + limit + " bytes");
        }
    }

    private void remember(char[] source, int offset, int count) {
        int kept = Math.min(count, TAIL);
        tail.append(source, offset + count - kept, kept);
        tail.delete(0, Math.max(0, tail.length() - TAIL));
    }

    @Override
    public void close() {}
}
