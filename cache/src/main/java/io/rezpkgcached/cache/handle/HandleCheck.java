package io.rezpkgcached.cache.handle;

import io.rezpkgcached.cache.python.PythonText;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a handle may hold, for everything in it becomes part of a path.
 *
 * <p>Stricter than rez: what is refused here would leave the cache's folder for a package, name one of rez's internal
 * folders, or have no form on disk.
 */
final class HandleCheck {
    static final String VARIANT = "filesystem.variant";
    static final String COMBINED = "filesystem.variant.combined";
    static final String NO_VERSION = "_NO_VERSION";

    /** {@code NAME_MAX} of Linux. */
    static final int LONGEST_NAME = 255;

    /** {@code PATH_MAX} of Linux. */
    static final int LONGEST_LOCATION = 4096;

    /** No package has as many variants. */
    static final int LARGEST_INDEX = 1_000_000;

    private static final Set<String> PARTS = Set.of("key", "variables");
    private static final Set<String> VARIABLES = Set.of("repository_type", "location", "name", "version", "index",
            "ext");
    private static final int SHOWN = 60;

    /** Of UTF-8, for a UTF-16 unit. */
    private static final int MOST_BYTES_OF_CHAR = 3;

    private HandleCheck() {}

    /** The parts of a handle: {@code key} and {@code variables}, and nothing else. */
    static Map<String, Object> parts(Object tree) throws MalformedHandleException {
        Map<String, Object> parts = object("handle", tree);
        checkNames("handle", parts, PARTS);
        for (String name : List.of("key", "variables")) {
            if (!parts.containsKey(name)) {
                throw new MalformedHandleException("handle has no \"" + name + "\"");
            }
        }
        return parts;
    }

    static String key(Object value) throws MalformedHandleException {
        String key = string("key", value);
        if (!key.equals(VARIANT) && !key.equals(COMBINED)) {
            throw wrong("key", value, "\"" + VARIANT + "\" or \"" + COMBINED + "\"");
        }
        return key;
    }

    static Map<String, Object> variables(Object value) throws MalformedHandleException {
        Map<String, Object> variables = object("variables", value);
        checkNames("variables", variables, VARIABLES);
        Object type = variables.get("repository_type");
        if (!"filesystem".equals(type)) {
            throw wrong("repository_type", type, "\"filesystem\"");
        }
        if (variables.containsKey("ext")) {
            checkComponent("ext", string("ext", variables.get("ext")));
        }
        return variables;
    }

    static String name(Object value) throws MalformedHandleException {
        String name = string("name", value);
        checkComponent("name", name);
        return name;
    }

    /** The version, or {@code _NO_VERSION} for each of the ways to write that there is none. */
    static String version(Object value) throws MalformedHandleException {
        if (value == null || Boolean.FALSE.equals(value) || "".equals(value)) {
            return NO_VERSION;
        }
        String version = string("version", value);
        checkComponent("version", version);
        return version;
    }

    static OptionalInt index(Object value) throws MalformedHandleException {
        if (value == null) {
            return OptionalInt.empty();
        }
        if (!(value instanceof Long index) || index < 0 || index > LARGEST_INDEX) {
            throw wrong("index", value, "null or an integer of 0 to " + LARGEST_INDEX);
        }
        return OptionalInt.of(Math.toIntExact(index));
    }

    static String location(Object value) throws MalformedHandleException {
        String location = string("location", value);
        if (!location.startsWith("/")) {
            throw wrong("location", location, "an absolute path");
        }
        checkLength("location", location, LONGEST_LOCATION);
        String closed = location + "/";
        if (closed.contains("/./") || closed.contains("/../")) {
            throw wrong("location", location, "a path without . or ..");
        }
        return location;
    }

    private static void checkComponent(String what, String value) throws MalformedHandleException {
        if (value.isEmpty() || value.contains("/")) {
            throw wrong(what, value, "one component of a path");
        }
        if (value.startsWith(".")) {
            throw wrong(what, value, "no dot at the start, since such names are internal to the cache");
        }
        checkLength(what, value, LONGEST_NAME);
    }

    private static void checkLength(String what, String value, int longest) throws MalformedHandleException {
        if (value.length() <= longest / MOST_BYTES_OF_CHAR) {
            return;
        }
        int length = value.getBytes(StandardCharsets.UTF_8).length;
        if (length > longest) {
            throw wrong(what, value, "at most " + longest + " bytes, not " + length);
        }
    }

    /** A string that a path can hold. */
    private static String string(String what, Object value) throws MalformedHandleException {
        if (!(value instanceof String string)) {
            throw wrong(what, value, "a string");
        }
        if (string.indexOf('\0') >= 0) {
            throw wrong(what, string, "no NUL");
        }
        if (hasLoneSurrogate(string)) {
            throw wrong(what, string, "no lone surrogate, which UTF-8 cannot hold");
        }
        return string;
    }

    private static boolean hasLoneSurrogate(String string) {
        int codePoint;
        for (int i = 0; i < string.length(); i += Character.charCount(codePoint)) {
            codePoint = string.codePointAt(i);
            if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
                return true;
            }
        }
        return false;
    }

    private static Map<String, Object> object(String what, Object value) throws MalformedHandleException {
        if (!(value instanceof Map<?, ?> map)) {
            throw wrong(what, value, "an object");
        }
        Map<String, Object> object = new LinkedHashMap<>();
        for (Map.Entry<?, ?> part : map.entrySet()) {
            object.put((String) part.getKey(), part.getValue());
        }
        return object;
    }

    private static void checkNames(String what, Map<String, Object> object, Set<String> allowed)
            throws MalformedHandleException {
        for (String name : object.keySet()) {
            if (!allowed.contains(name)) {
                String names = String.join(", ", allowed.stream().sorted().toList());
                throw new MalformedHandleException(
                        what + " has an unknown name " + abbreviated(name) + ", expected: " + names);
            }
        }
    }

    private static MalformedHandleException wrong(String what, Object value, String expected) {
        return new MalformedHandleException(what + " is " + abbreviated(value) + ", expected: " + expected);
    }

    private static String abbreviated(Object value) {
        return switch (value) {
            case null -> "null or missing";
            case String string when string.length() > SHOWN -> PythonText.repr(string.substring(0, SHOWN)) + "...";
            case String string -> PythonText.repr(string);
            case Map<?, ?> map -> "an object of " + map.size();
            case List<?> list -> "an array of " + list.size();
            default -> {
                String text = value.toString();
                yield text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
            }
        };
    }
}
