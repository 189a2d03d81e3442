package io.rezpkgcached.settings;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Text as Python's {@code int}, {@code float} and {@code str.split} read it. */
final class PythonScalar {

    private static final String SPACE = "[\\s\\x1c-\\x1f]+";
    private static final Pattern SPACES = Pattern.compile(SPACE, Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern ENDS = Pattern.compile("^" + SPACE + "|" + SPACE + "$",
            Pattern.UNICODE_CHARACTER_CLASS);
    private static final String DIGITS = "[0-9]+(?:_[0-9]+)*";
    private static final Pattern INTEGER = Pattern.compile("[+-]?" + DIGITS);
    private static final Pattern REAL = Pattern
            .compile("[+-]?(?:" + DIGITS + "\\.?(?:" + DIGITS + ")?|\\." + DIGITS + ")(?:[eE][+-]?" + DIGITS + ")?");
    private static final Pattern INFINITE = Pattern.compile("([+-]?)inf(?:inity)?", Pattern.CASE_INSENSITIVE);

    private PythonScalar() {}

    static List<String> words(String text) {
        return Arrays.stream(SPACES.split(text, -1)).filter(word -> !word.isEmpty()).toList();
    }

    static Optional<Object> integer(String text) {
        String digits = ENDS.matcher(text).replaceAll("");
        if (!INTEGER.matcher(digits).matches()) {
            return Optional.empty();
        }
        return Optional.of(fitted(new BigInteger(digits.replace("_", ""))));
    }

    static Optional<Object> real(String text) {
        String digits = ENDS.matcher(text).replaceAll("");
        if (REAL.matcher(digits).matches()) {
            return Optional.of(Double.parseDouble(digits.replace("_", "")));
        }
        if (INFINITE.matcher(digits).matches()) {
            return Optional.of(digits.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
        }
        return digits.toLowerCase(Locale.ROOT).matches("[+-]?nan") ? Optional.of(Double.NaN) : Optional.empty();
    }

    static boolean isInteger(Object value) {
        return value instanceof Long || value instanceof BigInteger;
    }

    /** A {@code Long} where the number fits in one. */
    static Object fitted(BigInteger number) {
        return number.bitLength() < Long.SIZE ? (Object) number.longValueExact() : number;
    }
}
