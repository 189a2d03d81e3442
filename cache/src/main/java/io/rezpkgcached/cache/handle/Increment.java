package io.rezpkgcached.cache.handle;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The names of payloads in a hash directory: {@code a}, {@code b}, ... {@code z}, {@code aa}, {@code ab}, ...
 *
 * <p>Source: {@code get_next_base26} of rez 3.4.0, and its use in {@code PackageCache.add_variant}.
 */
public final class Increment {
    private static final String INDEX = ".json";
    private static final String COPYING = ".copying-";

    /** With what is written before or after it, a name must fit in the 255 bytes of a file's name. */
    private static final int LONGEST = 240;

    private Increment() {}

    /** Whether a name is an increment; everything else in a hash directory belongs to nobody. */
    public static boolean isIncrement(String name) {
        return !name.isEmpty() && name.chars().allMatch(c -> c >= 'a' && c <= 'z');
    }

    /**
     * The increment after another, or the first.
     *
     * @throws IllegalArgumentException if {@code previous} is not an increment
     */
    public static String next(Optional<String> previous) {
        if (previous.isEmpty()) {
            return "a";
        }
        String name = previous.get();
        if (!isIncrement(name)) {
            throw new IllegalArgumentException("not an increment: " + name);
        }
        int carried = name.length();
        while (carried > 0 && name.charAt(carried - 1) == 'z') {
            carried--;
        }
        String rest = "a".repeat(name.length() - carried);
        if (carried == 0) {
            return "a" + rest;
        }
        return name.substring(0, carried - 1) + (char) (name.charAt(carried - 1) + 1) + rest;
    }

    /**
     * The name for one more payload in a hash directory, given all names that are in it.
     *
     * <p>As rez does, it starts after the largest {@code <inc>.json}, so that a name lower down is not used again. rez
     * takes the largest in string order, where {@code z} comes after {@code aa}, and so overwrites {@code aa} with its
     * 28th: here the longest is the largest. Every name whose payload, index or mark of copying exists is passed over.
     */
    public static String free(Collection<String> namesInHashDirectory) {
        Set<String> taken = new HashSet<>(namesInHashDirectory);
        Optional<String> largest = namesInHashDirectory.stream()
                .filter(name -> name.endsWith(INDEX))
                .map(name -> name.substring(0, name.length() - INDEX.length()))
                .filter(name -> isIncrement(name) && name.length() <= LONGEST)
                .max(Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder()));
        String candidate = next(largest);
        while (taken.contains(candidate)
                || taken.contains(candidate + INDEX)
                || taken.contains(COPYING + candidate)) {
            candidate = next(Optional.of(candidate));
        }
        return candidate;
    }
}
