package io.rezpkgcached.resolve;

import io.rezpkgcached.resolve.key.ResolveKey;
import io.rezpkgcached.resolve.server.AdminConnection;
import io.rezpkgcached.resolve.server.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The resolves that one server holds, told from everything else there by looking at each entry. */
public final class StoredResolves {
    private static final byte[] TUPLE_OF_TEXT = "(V".getBytes(StandardCharsets.ISO_8859_1);

    private StoredResolves() {}

    /** How many entries a server had, and how many of them were resolves, all of which are gone. */
    public record Deleted(int resolves, int others) {}

    /** Deletes them. */
    public static Deleted delete(AdminConnection server) throws IOException {
        int resolves = 0;
        int others = 0;
        for (AdminConnection.Entry entry : server.entries()) {
            Optional<Answer.Value> value = server.value(entry.key());
            if (value.isEmpty()) {
                continue; // it has gone meanwhile
            }
            if (isResolve(entry.key(), value.get())) {
                server.delete(entry.key());
                resolves++;
            } else {
                others++;
            }
        }
        return new Deleted(resolves, others);
    }

    /** Whether a value is a resolve: it says so itself, and lies under the key of what it says. Whether it can be used is no matter. */
    static boolean isResolve(String key, Answer.Value value) {
        byte[] bytes;
        try {
            bytes = ValueReader.plain(value.bytes(), value.flags());
        } catch (UnusableException _) {
            return false;
        }
        if (bytes.length < TUPLE_OF_TEXT.length || bytes[0] != TUPLE_OF_TEXT[0] || bytes[1] != TUPLE_OF_TEXT[1]) {
            return false;
        }
        int end = TUPLE_OF_TEXT.length;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        String qualified = ValueReader.text(bytes, TUPLE_OF_TEXT.length, end).orElse("");
        return qualified.startsWith(ResolveKey.BEGINNING)
                && (key.equals(ResolveKey.hashed(qualified, false)) || key.equals(ResolveKey.hashed(qualified, true)));
    }
}
