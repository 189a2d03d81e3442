package io.rezpkgcached.cache.json;

/**
 * How much a JSON document may ask of the reader.
 *
 * @param bytes the largest document, in bytes; one more is an error
 * @param stringLength the longest string, in UTF-16 units
 */
public record JsonLimits(long bytes, int stringLength) {
    /** How deep arrays and objects may stand in each other. rez's own files need at most eight. */
    static final int NESTING = 64;

    /** The longest number, in digits. Arithmetic on longer ones is a way to burn processor time. */
    static final int NUMBER_LENGTH = 1000;

    /** The longest name in an object, in UTF-16 units. */
    static final int NAME_LENGTH = 65_536;

    /**
     * The most tokens of the members that are kept where only some are: each may become an object of a hundred bytes. A
     * handle has 17.
     */
    static final long TOKENS = 1_000_000;

    public JsonLimits {
        if (bytes < 0 || stringLength < 0) {
            throw new IllegalArgumentException("negative limit: " + bytes + " bytes, strings of " + stringLength);
        }
    }

    /**
     * Limits only the whole document, which bounds its strings too.
     *
     * <p>The tree of a hostile document can take thirty times its bytes in memory: choose the number with that in
     * mind.
     */
    public static JsonLimits ofBytes(long bytes) {
        return new JsonLimits(bytes, (int) Math.min(bytes, Integer.MAX_VALUE));
    }
}
