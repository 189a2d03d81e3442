package io.rezpkgcached.cache.python;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Decodes the bytes of a Python source file as Python does: UTF-8, or what a comment in its first two lines says (PEP 263). */
public final class SourceText {
    private static final Pattern COOKIE = Pattern.compile("^[ \\t\\f]*#.*?coding[:=][ \\t]*([-\\w.]+)");
    private static final Pattern BLANK = Pattern.compile("^[ \\t\\f]*(?:#.*)?$");

    /** What is added to a byte that is no UTF-8. */
    private static final int STRAYS = 0xDC00;

    private SourceText() {}

    /**
     * The text of a source file, without a byte order mark. A byte that is no UTF-8 is a lone surrogate in it, which is allowed in
     * comments alone.
     *
     * @throws PythonSyntaxException if the bytes are not text in the file's encoding, or the encoding is not known here
     */
    public static String decode(byte[] bytes) throws PythonSyntaxException {
        boolean mark = bytes.length >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB
                && bytes[2] == (byte) 0xBF;
        Charset charset = declared(bytes).orElse(StandardCharsets.UTF_8);
        ByteBuffer text = mark ? ByteBuffer.wrap(bytes, 3, bytes.length - 3) : ByteBuffer.wrap(bytes);
        try {
            return charset.newDecoder().decode(text).toString();
        } catch (CharacterCodingException e) {
            if (charset.equals(StandardCharsets.UTF_8)) {
                return withStrays(text.rewind().position(mark ? 3 : 0));
            }
            throw new PythonSyntaxException(1, "bytes that are not " + charset.name());
        }
    }

    /** With a lone surrogate for each byte that is no UTF-8, as Python's {@code surrogateescape} has it. */
    private static String withStrays(ByteBuffer text) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer decoded = CharBuffer.allocate(text.remaining());
        while (true) {
            CoderResult result = decoder.decode(text, decoded, true);
            if (!result.isError()) {
                return decoded.flip().toString();
            }
            for (int i = 0; i < result.length(); i++) {
                decoded.put((char) (STRAYS + (text.get() & 0xFF)));
            }
        }
    }

    /** Where the next byte is that was no UTF-8; beyond all text if there is none. */
    static int nextStray(String source, int from) {
        for (int i = from; i < source.length(); i++) {
            char c = source.charAt(i);
            if (c >= STRAYS && Character.isLowSurrogate(c)
                    && (i == 0 || !Character.isHighSurrogate(source.charAt(i - 1)))) {
                return i;
            }
        }
        return Integer.MAX_VALUE;
    }

    private static Optional<Charset> declared(byte[] bytes) throws PythonSyntaxException {
        // Two lines of comment are ASCII up to the name of the encoding; the length is a bound, not a rule.
        String head = new String(bytes, 0, Math.min(bytes.length, 4096), StandardCharsets.ISO_8859_1);
        String[] lines = head.split("\r\n|\r|\n", 3);
        for (int i = 0; i < Math.min(2, lines.length); i++) {
            Matcher cookie = COOKIE.matcher(lines[i]);
            if (cookie.find()) {
                return Optional.of(charset(cookie.group(1), i + 1));
            }
            if (!BLANK.matcher(lines[i].replace("\u00EF\u00BB\u00BF", "")).find()) {
                break;
            }
        }
        return Optional.empty();
    }

    private static Charset charset(String name, int line) throws PythonSyntaxException {
        String plain = name.toLowerCase(Locale.ROOT).replace('_', '-');
        if (plain.startsWith("utf-8") || plain.equals("utf8")) {
            return StandardCharsets.UTF_8;
        }
        if (plain.startsWith("latin-1") || (plain.startsWith("iso-8859-1") && !plain.matches("iso-8859-1\\d.*"))
                || plain.startsWith("iso-latin-1")) {
            return StandardCharsets.ISO_8859_1;
        }
        try {
            return Charset.forName(plain);
        } catch (IllegalArgumentException e) {
            throw new PythonSyntaxException(line, "an encoding '" + name + "' that is not known here");
        }
    }
}
