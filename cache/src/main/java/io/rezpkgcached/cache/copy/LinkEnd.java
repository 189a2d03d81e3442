package io.rezpkgcached.cache.copy;

import java.nio.file.Path;
import java.util.Optional;

/** What becomes of a symbolic link. */
sealed interface LinkEnd {
    /** The copy has a link. */
    record Kept(Path text, Optional<String> warning) implements LinkEnd {
        Kept(Path text) {
            this(text, Optional.empty());
        }
    }

    /** The copy has what the link leads to, outside the payload. */
    record Followed(Path real) implements LinkEnd {}
}
