package io.rezpkgcached.cache.posix;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The bytes of a path as the kernel knows them.
 *
 * <p>A Java path keeps the bytes of a name that is not UTF-8, but its string does not: each bad byte becomes U+FFFD. The percent-encoded
 * form of {@link Path#toUri()} is made from the bytes, so it is used for those paths. It costs a stat, hence not for the others.
 */
final class RawPath {
    private static final boolean UTF_8_NAMES = "UTF-8".equalsIgnoreCase(System.getProperty("sun.jnu.encoding"));

    private RawPath() {}

    /** The path as a C string. */
    static MemorySegment of(Path path, SegmentAllocator memory) {
        byte[] bytes = bytes(path);
        MemorySegment text = memory.allocate(bytes.length + 1L);
        MemorySegment.copy(bytes, 0, text, ValueLayout.JAVA_BYTE, 0, bytes.length);
        text.set(ValueLayout.JAVA_BYTE, bytes.length, (byte) 0);
        return text;
    }

    static byte[] bytes(Path path) {
        String text = path.toString();
        if (UTF_8_NAMES && text.indexOf('\uFFFD') < 0) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        return decoded(path.toUri().getRawPath());
    }

    private static byte[] decoded(String encoded) {
        // toUri ends directories, and links to them, with a slash: with it a call would follow the link.
        int end = encoded.length() > 1 && encoded.endsWith("/") ? encoded.length() - 1 : encoded.length();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(end);
        for (int i = 0; i < end; i++) {
            char c = encoded.charAt(i);
            if (c == '%') {
                bytes.write(Integer.parseInt(encoded, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.write(c);
            }
        }
        return bytes.toByteArray();
    }
}
