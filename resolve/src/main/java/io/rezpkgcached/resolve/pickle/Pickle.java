package io.rezpkgcached.resolve.pickle;

/**
 * Pickles of protocol 0, the one that rez writes.
 *
 * <p>Values are {@code String}, {@code Long} or {@code BigInteger}, {@code Double}, {@code Boolean}, null for None, a mutable
 * {@code List<Object>}, {@code Map<Object, Object>} in order, {@link PickledTuple}, {@link PickledObject} and
 * {@link PickledEnum}.
 */
public final class Pickle {
    /** A name, a version or a whole key; a graph's label at most. */
    static final int LONGEST_LINE = 1 << 20;

    private Pickle() {}

    /**
     * Reads a pickle without making anything but data. No name but the known ones is taken; depth and number of values are limited, so
     * that it costs some megabytes and a moment at most. A value may hold itself.
     *
     * @throws PickleException if it is cut, too deep or too large, or names or does anything else
     */
    public static Object read(byte[] pickle) throws PickleException {
        return new Unpickler(pickle, true).read();
    }

    /** The same, faster, with nothing of use in the place of each {@link PickledObject}. */
    public static Object readWithoutObjects(byte[] pickle) throws PickleException {
        return new Unpickler(pickle, false).read();
    }

    /**
     * Writes what {@link #read} gives.
     *
     * @throws IllegalArgumentException if there is anything else in it, or it is deeper than rez's values are
     */
    public static byte[] write(Object value) {
        return new Pickler().write(value);
    }
}
