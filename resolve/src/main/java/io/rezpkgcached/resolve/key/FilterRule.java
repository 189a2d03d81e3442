package io.rezpkgcached.resolve.key;

import io.rezpkgcached.cache.version.Requirement;
import io.rezpkgcached.cache.version.VersionException;
import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One rule of a package filter, as far as a key needs it. Source: {@code Rule} of rez 3.4.0, {@code package_filter.py}.
 *
 * @param family the package that it is for; empty for all
 * @param text as rez prints it
 * @param cost by which rez sorts
 */
record FilterRule(Optional<String> family, String text, int cost) {
    private static final int USUAL = 10;
    private static final int OF_TIMES = 1000;
    private static final Pattern LABEL = Pattern.compile("([^(]+)\\(([^()]+)\\)\\n?", Pattern.DOTALL);
    private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]+");

    /** @param printed whether it was printed by rez, which then has to be what it prints again */
    static FilterRule parse(String written, boolean printed) throws UnprintableException {
        Matcher labelled = LABEL.matcher(written);
        boolean hasLabel = labelled.matches();
        if (printed && !hasLabel) {
            throw new UnprintableException(
                    "the rule " + written + " of its package filter, which rez itself could not read");
        }
        String label = hasLabel ? labelled.group(1) : written.indexOf('*') >= 0 ? "glob" : "range";
        // rez puts the label on and takes it off again, which leaves it there where the rest has a bracket.
        String text = inside(label + "(" + (hasLabel ? labelled.group(2) : written) + ")");
        return switch (label) {
            case "glob", "regex" -> new FilterRule(beforeSeparator(text), label + "(" + text + ")", USUAL);
            case "range" -> range(text);
            case "before", "after" -> time(label, text);
            default -> throw new UnprintableException(
                    "the rule " + written + " of the package filter: rez has none of this kind");
        };
    }

    private static String inside(String labelled) {
        Matcher matcher = LABEL.matcher(labelled);
        return matcher.matches() ? matcher.group(2) : labelled;
    }

    private static FilterRule range(String text) throws UnprintableException {
        try {
            Requirement requirement = Requirement.parse(text);
            return new FilterRule(Optional.of(requirement.name()), "range(" + requirement + ")", USUAL);
        } catch (VersionException e) {
            throw new UnprintableException("the rule range(" + text + ") of the package filter: " + e.getMessage());
        }
    }

    private static FilterRule time(String label, String text) throws UnprintableException {
        int colon = text.indexOf(':');
        Optional<String> family = colon < 0 ? Optional.empty() : Optional.of(text.substring(0, colon));
        String number = text.substring(colon + 1).strip();
        if (!WHOLE.matcher(number).matches()) {
            throw new UnprintableException(
                    "the rule " + label + "(" + text + ") of the package filter: no time in seconds");
        }
        String prefix = family.filter(name -> !name.isEmpty()).map(name -> name + ":").orElse("");
        return new FilterRule(family, label + "(" + prefix + new BigInteger(number) + ")", OF_TIMES);
    }

    /** The longest beginning without a wildcard that a separator follows. */
    private static Optional<String> beforeSeparator(String text) {
        int plain = 0;
        while (plain < text.length() && text.charAt(plain) != '*' && text.charAt(plain) != '?') {
            plain++;
        }
        for (int end = plain - 1; end > 0; end--) {
            if ("-@#=<>".indexOf(text.charAt(end)) >= 0) {
                return Optional.of(text.substring(0, end));
            }
        }
        return Optional.empty();
    }
}
