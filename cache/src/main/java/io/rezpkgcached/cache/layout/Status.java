package io.rezpkgcached.cache.layout;

/** What rez says of a variant, in the order in which it lists them. */
public enum Status {
    CACHED, COPYING, STALLED, PENDING;

    /** The word that rez prints. */
    public String word() {
        return switch (this) {
            case CACHED -> "cached";
            case COPYING -> "copying";
            case STALLED -> "stalled";
            case PENDING -> "pending";
        };
    }
}
