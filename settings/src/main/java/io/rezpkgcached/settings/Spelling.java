package io.rezpkgcached.settings;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the name that somebody probably meant. */
public final class Spelling {

    private Spelling() {}

    /**
     * The nearest of the names.
     *
     * @param most how many letters may be wrong; less than half of those written in any case
     */
    public static Optional<String> nearest(String written, Collection<String> names, int most) {
        return names.stream().filter(name -> isNear(distance(written, name), written, most))
                .min(Comparator.<String>comparingInt(name -> distance(written, name))
                        .thenComparing(Comparator.naturalOrder()));
    }

    private static boolean isNear(int distance, String written, int most) {
        return distance <= most && 2 * distance < written.length();
    }

    /** The letters to insert, delete or replace, and the neighbours to exchange. */
    static int distance(String a, String b) {
        int[][] steps = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                steps[i][j] = i == 0 || j == 0 ? i + j : least(a, b, i, j, steps);
            }
        }
        return steps[a.length()][b.length()];
    }

    private static int least(String a, String b, int i, int j, int[][] steps) {
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        int least = Math.min(steps[i - 1][j - 1] + (same ? 0 : 1), Math.min(steps[i - 1][j], steps[i][j - 1]) + 1);
        boolean exchanged = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return exchanged ? Math.min(least, steps[i - 2][j - 2] + 1) : least;
    }
}
