package io.rezpkgcached.cache.version;

import java.util.ArrayList;
import java.util.List;

/**
 * One part of a version between its separators, as runs of digits and of other characters, such as {@code 1}
 * {@code rc} {@code 2}.
 *
 * <p>Letters come before numbers, numbers compare by value and then as text, and of two tokens that begin alike the
 * longer is the larger. Source: {@code AlphanumericVersionToken} of rez 3.4.0.
 */
record VersionToken(List<String> runs) implements Comparable<VersionToken> {
    /** Python 3.11 refuses to read a longer integer, and so does rez with it. */
    private static final int LONGEST_NUMBER = 4300;

    VersionToken {
        runs = List.copyOf(runs);
    }

    /** Reads a token that holds nothing but ASCII letters, digits and underscores, and at least one. */
    static VersionToken of(String text) throws VersionException {
        List<String> runs = new ArrayList<>(1);
        int start = 0;
        for (int i = 1; i <= text.length(); i++) {
            if (i == text.length() || isDigit(text.charAt(i)) != isDigit(text.charAt(start))) {
                runs.add(checked(text.substring(start, i)));
                start = i;
            }
        }
        return new VersionToken(runs);
    }

    private static String checked(String run) throws VersionException {
        if (run.length() > LONGEST_NUMBER && isDigit(run.charAt(0))) {
            throw new VersionException("version", run, "a number of more than " + LONGEST_NUMBER + " digits");
        }
        return run;
    }

    /** The smallest token that is larger than this one and than every token that this one is a beginning of. */
    VersionToken next() {
        List<String> next = new ArrayList<>(runs);
        if (isDigit(next.getLast().charAt(0))) {
            next.add("_");
        } else {
            next.add(next.removeLast() + "_");
        }
        return new VersionToken(next);
    }

    @Override
    public int compareTo(VersionToken other) {
        int common = Math.min(runs.size(), other.runs.size());
        for (int i = 0; i < common; i++) {
            int order = compareRuns(runs.get(i), other.runs.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(runs.size(), other.runs.size());
    }

    private static int compareRuns(String left, String right) {
        boolean leftNumber = isDigit(left.charAt(0));
        boolean rightNumber = isDigit(right.charAt(0));
        if (leftNumber != rightNumber) {
            return leftNumber ? 1 : -1;
        }
        int byValue = leftNumber ? compareNumbers(left, right) : 0;
        return byValue != 0 ? byValue : left.compareTo(right);
    }

    /** Without arithmetic, which takes time that grows with the square of the digits. */
    private static int compareNumbers(String left, String right) {
        int leftStart = zeros(left);
        int rightStart = zeros(right);
        int byLength = Integer.compare(left.length() - leftStart, right.length() - rightStart);
        return byLength != 0 ? byLength : left.substring(leftStart).compareTo(right.substring(rightStart));
    }

    private static int zeros(String number) {
        int count = 0;
        while (count < number.length() && number.charAt(count) == '0') {
            count++;
        }
        return count;
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static boolean isTokenCharacter(int c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }

    @Override
    public String toString() {
        return String.join("", runs);
    }
}
