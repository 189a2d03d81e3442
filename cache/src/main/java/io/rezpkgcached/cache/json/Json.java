package io.rezpkgcached.cache.json;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;

/**
 * Reads JSON into plain trees, and writes such trees as Python does.
 *
 * <p>A tree is made of {@code LinkedHashMap<String, Object>} (in the order of the text; of equal names the last value
 * wins at the place of the first, as in a Python dict), {@code ArrayList<Object>}, {@code String}, {@code Long} or
 * {@code BigInteger}, {@code Double}, {@code Boolean}, and Java {@code null} for JSON null. All methods are stateless.
 *
 * <p>Strings may hold lone surrogates, since {@code "\ud800"} is valid JSON; who needs text must look for them.
 */
public final class Json {
    private Json() {}

    /**
     * Reads one JSON value that takes up all of {@code utf8}.
     *
     * <p>Strict RFC 8259: no comments, no NaN, no byte order mark, nothing but white space after the value, at most 64
     * levels, numbers of at most 1000 digits, and valid UTF-8.
     *
     * @throws JsonException if it is not; {@link JsonException#isCutShort()} tells a beginning from an error
     */
    public static Object read(byte[] utf8) throws JsonException {
        try {
            return read(new ByteArrayInputStream(utf8), JsonLimits.ofBytes(utf8.length));
        } catch (JsonException e) {
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException("an array of bytes cannot fail to be read", e);
        }
    }

    /**
     * Reads one JSON value that takes up all of {@code utf8}, as {@link #read(byte[])} does, within {@code limits}.
     *
     * <p>The stream is read at most a buffer beyond the limit, and is not closed.
     *
     * @throws JsonException if it is not such a value or goes over a limit
     * @throws IOException if the stream fails
     */
    public static Object read(InputStream utf8, JsonLimits limits) throws IOException {
        return TreeReader.read(new Utf8Reader(utf8, limits.bytes()), limits);
    }

    /**
     * Reads one JSON value, as {@link #read(InputStream, JsonLimits)} does, but keeps some members of the outermost object
     * only: the others, however large, take no memory. Those may have {@value JsonLimits#TOKENS} tokens in all.
     *
     * @param names the members to keep
     * @return those that are there; none where the value is no object
     * @throws JsonException if it is not such a value or goes over a limit
     * @throws IOException if the stream fails
     */
    public static Map<String, Object> readMembers(InputStream utf8, JsonLimits limits, Set<String> names)
            throws IOException {
        return TreeReader.readMembers(new Utf8Reader(utf8, limits.bytes()), limits, names);
    }

    /**
     * Writes a tree as Python's {@code json.dumps(tree)} does: {@code ", "} and {@code ": "} between the parts, and
     * only ASCII, everything else as lower case {@code \\uxxxx}.
     *
     * <p>Takes maps with strings for names, lists, strings, {@code Integer}, {@code Long}, {@code BigInteger},
     * {@code Double}, {@code Boolean} and null. NaN and infinities are written as Python writes them, which is not
     * JSON.
     *
     * @throws IllegalArgumentException if the tree holds anything else
     */
    public static String write(Object tree) {
        return PythonWriter.write(tree);
    }
}
