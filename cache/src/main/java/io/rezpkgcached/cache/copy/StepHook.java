package io.rezpkgcached.cache.copy;

import java.io.IOException;
import java.nio.file.Path;

/** Called before every step of a copy, on the thread that does it: where a test makes the file system fail, or changes the source. */
@FunctionalInterface
interface StepHook {
    /** The hook of the real program. */
    StepHook NONE = (step, path) -> {};

    void before(Step step, Path path) throws IOException;
}
