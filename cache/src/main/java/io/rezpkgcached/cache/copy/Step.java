package io.rezpkgcached.cache.copy;

/** The kinds of work in a copy, each announced before it is done. */
enum Step {
    LIST, LOOK_AT, MAKE_FOLDER, COPY_FILE, COPY_CHUNK, MAKE_LINK, SET_ATTRIBUTES, DELETE,
    /** The source is about to be compared with what was copied; the path is the payload's. */
    LOOK_AGAIN
}
