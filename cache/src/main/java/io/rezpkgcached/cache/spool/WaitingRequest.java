package io.rezpkgcached.cache.spool;

import io.rezpkgcached.cache.layout.CacheLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * Names of requests that were taken out of the spool of a shared cache: {@code <user id>-<32 hex>.json}. Only the daemon can write where
 * they lie, so the name says who asked, also where the daemon had to write the file itself.
 */
public final class WaitingRequest {
    private WaitingRequest() {}

    /** A new name. */
    public static Path of(CacheLayout layout, int owner) throws IOException {
        return layout.waiting().resolve(Integer.toUnsignedString(owner) + "-" + RequestWriter.hex() + ".json");
    }

    /** Who asked by a file; empty if it is none of these, so that its owner did. */
    public static OptionalInt owner(CacheLayout layout, Path file) {
        String name = file.getFileName().toString();
        int dash = name.indexOf('-');
        if (!file.startsWith(layout.waiting()) || dash <= 0) {
            return OptionalInt.empty();
        }
        try {
            return OptionalInt.of(Integer.parseUnsignedInt(name.substring(0, dash)));
        } catch (NumberFormatException _) {
            return OptionalInt.empty();
        }
    }
}
