package io.rezpkgcached.cache.version;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the written form of a range.
 *
 * <p>Accepts what the regular expression of {@code _VersionRangeParser} in rez 3.4.0 accepts, oddities included, but by
 * hand: Java's regular expressions recurse for each token, and a long text would exhaust the stack.
 */
final class RangeParser {
    private final String part;
    private int position;

    private RangeParser(String part) {
        this.part = part;
    }

    /** The contiguous ranges that a text names, in its order; the empty list is any version. */
    static List<Bound> parse(String text) throws VersionException {
        List<Bound> bounds = new ArrayList<>();
        boolean any = false;
        for (String part : text.split("\\|", -1)) {
            if (part.isEmpty()) {
                any = true;
                continue;
            }
            // rez's expression ends in $, which also matches before a line feed that ends the text.
            String line = part.endsWith("\n") ? part.substring(0, part.length() - 1) : part;
            Optional<Unchecked> range = new RangeParser(line).range();
            // Whoever or-s with anything need only write the rest correctly: its values are not looked at.
            if (!any && range.isPresent()) {
                bounds.add(range.get().checked());
            }
        }
        return any ? List.of() : bounds;
    }

    /** A range as written, before its versions are made. */
    private record Unchecked(String lower, boolean lowerInclusive, String upper, boolean upperInclusive, Shape shape) {
        Bound checked() throws VersionException {
            LowerBound first = new LowerBound(Version.parse(lower), lowerInclusive);
            return switch (shape) {
                case SUPERSET -> Bound.of(first, UpperBound.of(first.version().next(), false));
                case OPEN -> Bound.of(first, UpperBound.NONE);
                case CLOSED -> Bound.of(first, UpperBound.of(Version.parse(upper), upperInclusive));
            };
        }
    }

    private enum Shape {
        /** A version and all that begin with it. */
        SUPERSET,
        /** No upper end. */
        OPEN, CLOSED
    }

    private Optional<Unchecked> range() throws VersionException {
        if (part.isEmpty()) {
            return Optional.empty();
        }
        if (accept("==")) {
            String version = version();
            return end(version, true, version, true, Shape.CLOSED);
        }
        if (accept(">")) {
            return afterLower(accept("="), version(), true);
        }
        if (accept("<")) {
            return afterUpper(accept("="), version(), true);
        }
        return afterVersion(version());
    }

    /** {@code 1}, {@code 1..2}, {@code 1+}, {@code 1+<2}, {@code 1<2}, {@code 2,>1} and {@code 2+,>1}. */
    private Optional<Unchecked> afterVersion(String version) throws VersionException {
        if (!version.isEmpty() && atEnd()) {
            return end(version, true, "", true, Shape.SUPERSET);
        }
        if (accept("..")) {
            return end(version, true, version(), true, Shape.CLOSED);
        }
        boolean plus = accept("+");
        if (plus && atEnd()) {
            return end(version, true, "", true, Shape.OPEN);
        }
        int here = position;
        try {
            return afterLower(true, version, false);
        } catch (VersionException ascending) {
            position = here;
            return afterUpper(true, version, false);
        }
    }

    /** What may follow a lower bound: nothing, if it had a sign, or an upper one. */
    private Optional<Unchecked> afterLower(boolean inclusive, String lower, boolean signed) throws VersionException {
        if (signed && atEnd()) {
            return end(lower, inclusive, "", true, Shape.OPEN);
        }
        if (!lower.isEmpty()) {
            accept(",");
        }
        expect("<");
        boolean upperInclusive = accept("=");
        String upper = version();
        if (!upperInclusive && upper.isEmpty()) {
            throw syntax();
        }
        return end(lower, inclusive, upper, upperInclusive, Shape.CLOSED);
    }

    /** What may follow an upper bound: nothing, if it had a sign, or a lower one, where rez reads {@code <} as {@code >=}. */
    private Optional<Unchecked> afterUpper(boolean inclusive, String upper, boolean signed) throws VersionException {
        if (signed && atEnd() && (inclusive || !upper.isEmpty())) {
            return end("", true, upper, inclusive, Shape.CLOSED);
        }
        if (!upper.isEmpty()) {
            expect(",");
        }
        boolean odd = accept("<");
        if (!odd) {
            expect(">");
        }
        boolean lowerInclusive = odd || accept("=");
        String lower = version();
        if (odd && lower.isEmpty()) {
            throw syntax();
        }
        return end(lower, lowerInclusive, upper, inclusive, Shape.CLOSED);
    }

    private Optional<Unchecked> end(String lower, boolean lowerInclusive, String upper, boolean upperInclusive,
            Shape shape) throws VersionException {
        if (!atEnd()) {
            throw syntax();
        }
        return Optional.of(new Unchecked(lower, lowerInclusive, upper, upperInclusive, shape));
    }

    /** The longest version from here on, or nothing. */
    private String version() {
        int start = position;
        int end = token(start);
        while (end > start && end < part.length() && (part.charAt(end) == '.' || part.charAt(end) == '-')
                && token(end + 1) > end + 1) {
            end = token(end + 1);
        }
        position = end;
        return part.substring(start, end);
    }

    private int token(int from) {
        int end = from;
        while (end < part.length() && VersionToken.isTokenCharacter(part.charAt(end))) {
            end++;
        }
        return end;
    }

    private boolean atEnd() {
        return position == part.length();
    }

    private boolean accept(String sign) {
        boolean found = part.startsWith(sign, position);
        position += found ? sign.length() : 0;
        return found;
    }

    private void expect(String sign) throws VersionException {
        if (!accept(sign)) {
            throw syntax();
        }
    }

    private VersionException syntax() {
        return new VersionException("range", part, "syntax error at " + position);
    }
}
