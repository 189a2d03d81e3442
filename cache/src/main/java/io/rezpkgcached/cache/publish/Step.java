package io.rezpkgcached.cache.publish;

import java.io.IOException;

/** The steps of publishing, in their order; a process may die after any of them. */
public enum Step {
    STAGED, LOCKED_TO_CLAIM, MARKED, PAYLOAD_FOLDER_MADE, INDEXED, CLAIMED, COPIED, SYNCED, LOCKED_TO_PUBLISH, RENAMED, ROOT_FINISHED, UNMARKED, PUBLISHED, DIRECTORIES_SYNCED, RECORDED, UNSTAGED;

    /** Is told of each step when it is done: tests stop or kill the process there. */
    @FunctionalInterface
    public interface Observer {
        /** Does nothing. */
        Observer NONE = _ -> {};

        void done(Step step) throws IOException;
    }
}
