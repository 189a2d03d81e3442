package io.rezpkgcached.resolve.server;

/** What servers say to a question for a value. */
public sealed interface Answer {

    /** A value, with the flags that say how it is written. */
    final class Value implements Answer {
        private final byte[] bytes;
        private final int flags;

        Value(byte[] bytes, int flags) {
            this.bytes = bytes.clone();
            this.flags = flags;
        }

        /** As they came. */
        public byte[] bytes() {
            return bytes.clone();
        }

        /** How they are written. */
        public int flags() {
            return flags;
        }
    }

    /** A value that is larger than any of rez's, and has not been kept. */
    record TooLarge(long bytes) implements Answer {}

    /** There is none. */
    record Absent() implements Answer {}

    /** No server has answered in time, or not the one that may have it. */
    record Silence(String reason) implements Answer {}
}
