package io.rezpkgcached.cache.publish;

import io.rezpkgcached.cache.layout.Entry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What stands in {@code .copying-<inc>}: nothing if rez made it, which never reads it; else the name of its copy. */
final class MarkerContent {
    private static final String OURS = "rez-pkg-cached ";
    private static final String GIVEN_UP = OURS + "failed";
    private static final int MAX_BYTES = 200;

    private MarkerContent() {}

    static String copying(String token) {
        return OURS + token;
    }

    static String givenUp() {
        return GIVEN_UP;
    }

    static boolean isToken(Path marker, String token) throws IOException {
        return read(marker).equals(copying(token));
    }

    /** Whether a copy of ours was given up here, and is to stay until a clean. */
    static boolean isGivenUp(Entry entry) throws IOException {
        return read(entry.marker()).equals(GIVEN_UP);
    }

    /** The name of its staging folder, where a copy of ours made this marker and has not given up. */
    static Optional<String> token(Entry entry) throws IOException {
        String content = read(entry.marker());
        return content.startsWith(OURS) && !content.equals(GIVEN_UP)
                ? Optional.of(content.substring(OURS.length()))
                : Optional.empty();
    }

    static boolean isEmpty(Entry entry) throws IOException {
        return read(entry.marker()).isEmpty();
    }

    private static String read(Path marker) throws IOException {
        try (InputStream in = Files.newInputStream(marker)) {
            return new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
        }
    }
}
