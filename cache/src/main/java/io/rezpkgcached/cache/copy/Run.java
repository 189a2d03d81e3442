package io.rezpkgcached.cache.copy;

import java.io.IOException;
import java.nio.file.Path;

/** What all parts of one copy share. */
record Run(Crew crew, CopyMonitor monitor, Pace pace, StepHook hook, Warnings warnings, Readers readers) {
    /** Stands before every file operation, so that a copy that is to stop does nothing more. */
    void step(Step step, Path path) throws IOException, CancelledException {
        monitor.awaitTurn(crew::stopping);
        if (crew.stopping()) {
            throw new CancelledException();
        }
        monitor.progressed();
        hook.before(step, path);
    }
}
