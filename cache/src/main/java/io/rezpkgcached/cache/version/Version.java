package io.rezpkgcached.cache.version;

import java.util.ArrayList;
import java.util.List;

/**
 * A version such as {@code 1.0.0-beta}: tokens with one character between them.
 *
 * <p>Two versions are equal if their tokens are; the separators are only printed. The empty version is the smallest.
 * Source: {@code Version} of rez 3.4.0.
 */
public final class Version implements Comparable<Version> {
    /** The version of what has none. */
    public static final Version EMPTY = new Version(List.of(), "");

    private final List<VersionToken> tokens;
    private final String text;

    private Version(List<VersionToken> tokens, String text) {
        this.tokens = List.copyOf(tokens);
        this.text = text;
    }

    /**
     * Reads a version.
     *
     * <p>As in rez, any one character that is not a letter, a digit or an underscore may stand between two tokens.
     *
     * @throws VersionException if tokens are missing at either end or between two separators, or the text is too long
     */
    public static Version parse(String text) throws VersionException {
        VersionException.checkLength("version", text);
        if (text.isEmpty()) {
            return EMPTY;
        }
        List<VersionToken> tokens = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= text.length();) {
            int c = i == text.length() ? -1 : text.codePointAt(i);
            if (c >= 0 && VersionToken.isTokenCharacter(c)) {
                i++;
                continue;
            }
            if (i == start) {
                throw new VersionException("version", text, "letters, digits or underscores expected at " + i);
            }
            tokens.add(VersionToken.of(text.substring(start, i)));
            i += c < 0 ? 1 : Character.charCount(c);
            start = i;
        }
        return new Version(tokens, text);
    }

    /** Whether this is the version of what has none. */
    public boolean isEmpty() {
        return tokens.isEmpty();
    }

    /** The smallest version that is larger than all that begin with this one: of {@code 1.2} it is {@code 1.2_}. */
    Version next() {
        if (isEmpty()) {
            throw new IllegalStateException("no version follows all those that begin with nothing");
        }
        List<VersionToken> next = new ArrayList<>(tokens);
        next.set(next.size() - 1, next.getLast().next());
        return new Version(next, text + "_");
    }

    @Override
    public int compareTo(Version other) {
        int common = Math.min(tokens.size(), other.tokens.size());
        for (int i = 0; i < common; i++) {
            int order = tokens.get(i).compareTo(other.tokens.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(tokens.size(), other.tokens.size());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Version version && tokens.equals(version.tokens);
    }

    @Override
    public int hashCode() {
        return tokens.hashCode();
    }

    /** The version as it was written. */
    @Override
    public String toString() {
        return text;
    }
}
