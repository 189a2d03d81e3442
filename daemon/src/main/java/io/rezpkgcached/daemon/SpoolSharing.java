package io.rezpkgcached.daemon;

import java.nio.file.Path;

/**
 * What is special about requests in a cache that many users share.
 *
 * @param waiting     where requests lie that were read and are not served yet: every name in the spool is poison to another user's rez
 *                    in sync mode, which tries to serve it, and ends where it may not delete it
 * @param own         the user id of the daemon, who may ask for as much as he likes, as root may
 * @param mostPerUser requests of one user that are kept at a time
 */
record SpoolSharing(Path waiting, int own, int mostPerUser) {
    /** A context has some hundred variants; with this, one user fills neither the disk nor our memory. */
    static final int MOST_PER_USER = 1000;

    static SpoolSharing of(Path waiting, int own) {
        return new SpoolSharing(waiting, own, MOST_PER_USER);
    }

    /** Whether so many requests of a user are too many for one more. */
    boolean isTooMany(int owner, int requests) {
        return owner != own && owner != 0 && requests >= mostPerUser;
    }
}
