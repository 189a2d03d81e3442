package io.rezpkgcached.settings;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The types that a setting can have, each as rez checks it in a file and as rez reads it from an environment variable.
 *
 * <p>The first group are rez's, from the classes of the same names in its {@code config.py}; the others are ours.
 */
enum Kind {
    STR("text"), OPTIONAL_STR("text, or none"), STR_LIST("a list of texts"), OPTIONAL_STR_LIST(
            "a list of texts, or none"), PATH_LIST("a list of paths"), INT("a whole number"), FLOAT(
                    "a number with a decimal point"), BOOL("true or false"), OPTIONAL_BOOL(
                            "true or false, or none"), OPTIONAL_DICT("a dictionary, or none"), OPTIONAL_DICTS(
                                    "a dictionary, a list of dictionaries, or none"),

    SIZE("a number of bytes, with a unit as in \"100 MB\", or none"), DURATION(
            "a time with a unit, as in \"60 s\""), COMMAND("a list of texts"), REQUESTS(
                    "a list of requests, each a text or { request: text, paths: [...] }");

    private static final Set<String> TRUE = Set.of("1", "true", "t", "yes", "y", "on");
    private static final Set<String> FALSE = Set.of("0", "false", "f", "no", "n", "off");

    private final String wanted;

    Kind(String wanted) {
        this.wanted = wanted;
    }

    /** The value that an environment variable of this text means. */
    Object fromText(String text) throws BadValue {
        return switch (this) {
            case STR, OPTIONAL_STR, DURATION, SIZE -> text;
            case STR_LIST, OPTIONAL_STR_LIST -> PythonScalar.words(text.replace(',', ' '));
            case COMMAND -> PythonScalar.words(text);
            case PATH_LIST -> Arrays.stream(text.split(":", -1)).filter(path -> !path.isEmpty()).toList();
            case INT -> PythonScalar.integer(text).orElseThrow(() -> unwanted(text));
            case FLOAT -> PythonScalar.real(text).orElseThrow(() -> unwanted(text));
            case BOOL, OPTIONAL_BOOL -> bool(text);
            case OPTIONAL_DICT -> dictionary(text);
            case OPTIONAL_DICTS -> throw new BadValue(
                    "cannot be read from this variable, as in rez; use the one that ends in _JSON");
            case REQUESTS -> throw new BadValue("cannot be read from this variable; use the one that ends in _JSON");
        };
    }

    /** The value that our own file means: its format has no difference between 1 and 1.0, and values from variables are text. */
    Object fromOwnFile(Object value) throws BadValue {
        boolean scalar = switch (this) {
            case INT, FLOAT, BOOL, OPTIONAL_BOOL -> true;
            default -> false;
        };
        if (scalar && value instanceof String text) {
            return fromText(text);
        }
        if (this == FLOAT && value instanceof Long number) {
            return number.doubleValue();
        }
        return value;
    }

    /** The value where it is of this type, with none turned into an empty list or dictionary as rez does. */
    Object check(Object value) throws BadValue {
        boolean good = switch (this) {
            case STR, DURATION -> value instanceof String;
            case OPTIONAL_STR -> value == null || value instanceof String;
            case STR_LIST, PATH_LIST, COMMAND -> isTexts(value);
            case OPTIONAL_STR_LIST -> value == null || isTexts(value);
            // A Python bool is an int.
            case INT -> PythonScalar.isInteger(value) || value instanceof Boolean;
            case FLOAT -> value instanceof Double;
            case BOOL -> value instanceof Boolean;
            case OPTIONAL_BOOL -> value == null || value instanceof Boolean;
            case OPTIONAL_DICT -> value == null || value instanceof Map<?, ?>;
            case OPTIONAL_DICTS -> value == null || value instanceof Map<?, ?>
                    || (value instanceof List<?> list && list.stream().allMatch(Map.class::isInstance));
            case REQUESTS -> value instanceof List<?> list
                    && list.stream().allMatch(item -> item instanceof String || item instanceof Map<?, ?>);
            case SIZE -> value == null || value instanceof String || PythonScalar.isInteger(value);
        };
        if (!good) {
            throw unwanted(value);
        }
        return switch (this) {
            case OPTIONAL_STR_LIST -> value == null ? List.of() : value;
            case OPTIONAL_DICT -> value == null ? Map.of() : value;
            case OPTIONAL_DICTS -> value == null ? List.of() : value instanceof Map<?, ?> ? List.of(value) : value;
            default -> value;
        };
    }

    private BadValue unwanted(Object found) {
        return new BadValue("is " + Rendering.text(found) + ", but must be " + wanted);
    }

    private static boolean isTexts(Object value) {
        return value instanceof List<?> list && list.stream().allMatch(String.class::isInstance);
    }

    private static boolean bool(String text) throws BadValue {
        String word = text.toLowerCase(Locale.ROOT);
        if (!TRUE.contains(word) && !FALSE.contains(word)) {
            throw new BadValue(
                    "is \"" + text + "\", but must be one of 1, true, t, yes, y, on, 0, false, f, no, n, off");
        }
        return TRUE.contains(word);
    }

    private static Map<String, Object> dictionary(String text) throws BadValue {
        Map<String, Object> result = new LinkedHashMap<>();
        for (String item : text.split(",", -1)) {
            int colon = item.indexOf(':');
            if (colon < 0) {
                throw new BadValue("is \"" + text + "\", but must have the form name:value,name:value");
            }
            String value = item.substring(colon + 1);
            Object typed = PythonScalar.integer(value).or(() -> PythonScalar.real(value)).orElse(value);
            result.put(item.substring(0, colon), typed);
        }
        return result;
    }
}
