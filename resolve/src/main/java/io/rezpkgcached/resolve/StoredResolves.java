package io.rezpkgcached.resolve;

import io.rezpkgcached.resolve.key.ResolveKey;
import io.rezpkgcached.resolve.server.AdminConnection;
import io.rezpkgcached.resolve.server.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The resolves that one server holds, told from everything else there by looking at each entry. */
public final class StoredResolves {
    /** A hundred megabytes of keys. */
    private static final int MOST_KEYS = 1_000_000;

    private static final byte[] TUPLE_OF_TEXT = "(V".getBytes(StandardCharsets.ISO_8859_1);

    private StoredResolves() {}

    /**
     * Deletes them.
     *
     * @param resolves run for each that is deleted
     * @param others   run for each other entry
     */
    public static void delete(AdminConnection server, Runnable resolves, Runnable others) throws IOException {
        List<String> keys = new ArrayList<>();
        server.entries(entry -> {
            if (keys.size() < MOST_KEYS) {
                keys.add(entry.key());
            }
        });
        if (keys.size() == MOST_KEYS) {
            throw new IOException("it has " + MOST_KEYS + " entries or more, which is too many to look at; flush all");
        }
        for (String key : keys) {
            if (!AdminConnection.isAskable(key)) {
                others.run(); // a resolve's is letters and digits
                continue;
            }
            switch (server.value(key)) {
                case Answer.Value value when isResolve(key, value) -> {
                    server.delete(key);
                    resolves.run();
                }
                case Answer.Value _,Answer.TooLarge _ -> others.run();
                case Answer.Absent _,Answer.Silence _ -> {
                    // it has gone meanwhile
                }
            }
        }
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
