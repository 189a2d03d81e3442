package io.rezpkgcached.resolve;

import io.rezpkgcached.resolve.pickle.Pickle;
import io.rezpkgcached.resolve.pickle.PickleException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Values as rez's client writes them: flags say whether they are pickled, and whether they are compressed. */
final class ValueReader {
    static final int PICKLED = 1;
    private static final int COMPRESSED = 8;

    /** Unpacked; rez's client sends no more than 1 MiB, and what is packed are no resolves. */
    private static final int LARGEST = 4 << 20;

    private ValueReader() {}

    /** @throws UnusableException if it is no pickle of data */
    static Object read(byte[] bytes, int flags) throws UnusableException {
        try {
            return Pickle.readWithoutObjects(plain(bytes, flags));
        } catch (PickleException e) {
            throw new UnusableException(e.getMessage());
        }
    }

    /** @throws UnusableException if it is not said to be a pickle, or cannot be unpacked */
    static byte[] plain(byte[] bytes, int flags) throws UnusableException {
        if ((flags & ~COMPRESSED) != PICKLED) {
            throw new UnusableException("the value is not pickled: its flags are " + flags);
        }
        byte[] plain = (flags & COMPRESSED) == 0 ? bytes : inflated(bytes);
        if (plain.length > LARGEST) {
            throw new UnusableException("the value has " + plain.length + " bytes");
        }
        return plain;
    }

    /** A text of a pickle, without its code and the end of its line; empty where it is none. */
    static Optional<String> text(byte[] pickle, int from, int to) {
        try {
            String line = new String(pickle, from, to - from, StandardCharsets.ISO_8859_1);
            return Pickle.read(("V" + line + "\n.").getBytes(StandardCharsets.ISO_8859_1)) instanceof String text
                    ? Optional.of(text)
                    : Optional.empty();
        } catch (PickleException _) {
            return Optional.empty();
        }
    }

    private static byte[] inflated(byte[] bytes) throws UnusableException {
        try (Inflater inflater = new Inflater()) {
            inflater.setInput(bytes);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[1 << 16];
            while (!inflater.finished()) {
                int count = inflater.inflate(buffer);
                if (count == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
                    throw new UnusableException("the compressed value is cut short");
                }
                out.write(buffer, 0, count);
                if (out.size() > LARGEST) {
                    throw new UnusableException("the compressed value has more than " + LARGEST + " bytes");
                }
            }
            return out.toByteArray();
        } catch (DataFormatException _) {
            throw new UnusableException("the value is said to be compressed and is not");
        }
    }
}
