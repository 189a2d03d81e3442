package io.rezpkgcached.cache.json;

import java.io.IOException;

/**
 * A text is not the JSON that was asked for.
 *
 * <p>The message is one line: what is wrong, and at which line and column where that is known.
 */
public final class JsonException extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean cutShort;

    JsonException(String message, boolean cutShort, Throwable cause) {
        super(message, cause);
        this.cutShort = cutShort;
    }

    static JsonException malformed(String message) {
        return new JsonException(message, false, null);
    }

    static JsonException cutShort(String message) {
        return new JsonException(message, true, null);
    }

    /**
     * Whether the input ended too early, and more bytes could have made it valid.
     *
     * <p>rez writes its files in place, so that this may be a file that is still being written. False means that no
     * continuation can help.
     */
    public boolean isCutShort() {
        return cutShort;
    }
}
