package io.rezpkgcached.resolve.key;

/**
 * What a value is stored under.
 *
 * @param text as rez prints it: {@code ('resolve', ...)}
 */
public record ResolveKey(String text) {
    /** The version of the client that rez carries, and rez's own number of the format; between colons a tag, which is empty. */
    private static final String QUALIFIER = "1.59:2::";

    private static final int READABLE_HASH = 16;
    private static final int LONGEST = 250;

    /** How every qualified key of a resolve begins. */
    public static final String BEGINNING = QUALIFIER + "('resolve', ";

    /** What stands beside the value, against clashes of hashes. */
    public String qualified() {
        return QUALIFIER + text;
    }

    /** What the server is asked for. */
    public String hashed(boolean readable) {
        return hashed(qualified(), readable);
    }

    /** The same of a key that is qualified already. */
    public static String hashed(String qualified, boolean readable) {
        String hash = Digests.md5(qualified);
        if (!readable) {
            return hash;
        }
        String text = hash.substring(0, READABLE_HASH) + ":" + qualified;
        int end = text.offsetByCodePoints(0, Math.min(LONGEST, text.codePointCount(0, text.length())));
        return text.substring(0, end).replaceAll("[^0-9a-zA-Z]+", "_");
    }
}
