package io.rezpkgcached.cache.definition;

import java.nio.file.Path;
import java.util.Optional;

/** What came of reading a package's definition. */
public sealed interface Reading {

    record Found(Definition definition) implements Reading {}

    /** The package is not in its repository, which can be read. */
    record Absent(String reason) implements Reading {}

    /** Nothing can be said now: the repository is not there, or the file cannot be read. Worth another try later. */
    record Unreachable(String reason) implements Reading {}

    /**
     * Only Python can tell an attribute, and there is no evaluator, or the evaluator failed.
     *
     * @param place the definition without what it says of caching, where all that decides where payloads lie is known
     */
    record NeedsCode(Path file, int line, String attribute, String why, Optional<Definition> place)
            implements
                Reading {
        NeedsCode(Path file, int line, String attribute, String why) {
            this(file, line, attribute, why, Optional.empty());
        }
    }

    /** rez would not take the definition either; {@code line} is 0 where none can be named. */
    record Malformed(Path file, int line, String why) implements Reading {}
}
