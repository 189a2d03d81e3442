package io.rezpkgcached.cache.copy;

/** Whom a copy is for. */
public enum Readers {
    /** Whoever may read the source by its mode and ACL, as far as another owner and group let him. */
    AS_SOURCE,
    /** Every user of the machine: only what every one of them may read is copied, and nobody but the owner can write to the copy. */
    EVERYONE;

    private static final int OTHERS_WRITE = 0022;

    /** The mode of a copy. */
    int mode(Stat source) {
        return this == EVERYONE ? source.keptMode() & ~OTHERS_WRITE : source.keptMode();
    }
}
