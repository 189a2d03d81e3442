package io.rezpkgcached.cache.json;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Builds a tree from Gson's tokens.
 *
 * <p>Recursion is bounded by the limit on nesting, which Gson holds before a level is entered. Names are not shared between
 * documents: they come from strangers, who could fill a table of them.
 */
final class TreeReader {
    /** The most digits of a number that is surely a long. */
    private static final int LONG_DIGITS = 18;

    private static final String PLACE = " at line ";

    private final JsonReader reader;
    private final JsonLimits limits;
    private final long mostTokens;
    private long tokens;

    private TreeReader(Utf8Reader text, JsonLimits limits, long mostTokens) {
        this.reader = new JsonReader(text);
        this.limits = limits;
        this.mostTokens = mostTokens;
        reader.setStrictness(Strictness.STRICT);
        reader.setNestingLimit(JsonLimits.NESTING);
    }

    static Object read(Utf8Reader text, JsonLimits limits) throws IOException {
        TreeReader tree = new TreeReader(text, limits, Long.MAX_VALUE);
        try {
            tree.begin();
            Object value = tree.value();
            tree.end();
            return value;
        } catch (MalformedJsonException | EOFException e) {
            throw failure(e, text);
        }
    }

    static Map<String, Object> readMembers(Utf8Reader text, JsonLimits limits, Set<String> names) throws IOException {
        TreeReader tree = new TreeReader(text, limits, JsonLimits.TOKENS);
        try {
            tree.begin();
            Map<String, Object> members = tree.members(names);
            tree.end();
            return members;
        } catch (MalformedJsonException | EOFException e) {
            throw failure(e, text);
        }
    }

    private void begin() throws IOException {
        try {
            var _ = reader.peek();
        } catch (EOFException _) {
            throw JsonException.cutShort("empty, no JSON value");
        }
    }

    private void end() throws IOException {
        try {
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw JsonException.malformed("text after the end of the value");
            }
        } catch (MalformedJsonException e) {
            throw new JsonException("text after the end of the value" + place(e), false, e);
        } catch (JsonException e) {
            // Even the beginning of a character is too much here: no more bytes can mend it.
            throw new JsonException(e.getMessage(), false, e);
        }
    }

    private Object value() throws IOException {
        count();
        JsonToken token = reader.peek(); // no switch: one over an enum loads a class of its own, for each command
        if (token == JsonToken.STRING) {
            return checked(reader.nextString(), limits.stringLength(), "a string");
        }
        if (token == JsonToken.BEGIN_OBJECT) {
            return object();
        }
        if (token == JsonToken.BEGIN_ARRAY) {
            return array();
        }
        if (token == JsonToken.NUMBER) {
            return number(checked(reader.nextString(), JsonLimits.NUMBER_LENGTH, "a number"));
        }
        if (token == JsonToken.BOOLEAN) {
            return reader.nextBoolean();
        }
        reader.nextNull();
        return null;
    }

    private static Object number(String text) {
        if (text.indexOf('.') >= 0 || text.indexOf('e') >= 0 || text.indexOf('E') >= 0) {
            return Double.parseDouble(text);
        }
        if (text.length() > LONG_DIGITS) {
            BigInteger integer = new BigInteger(text);
            return integer.bitLength() < Long.SIZE ? (Object) integer.longValue() : integer;
        }
        return Long.parseLong(text);
    }

    private Map<String, Object> object() throws IOException {
        Map<String, Object> object = new LinkedHashMap<>();
        reader.beginObject();
        while (reader.hasNext()) {
            String name = name();
            object.put(name, value());
        }
        reader.endObject();
        count();
        return object;
    }

    private Map<String, Object> members(Set<String> names) throws IOException {
        Map<String, Object> members = new LinkedHashMap<>();
        if (reader.peek() != JsonToken.BEGIN_OBJECT) {
            reader.skipValue();
            return members;
        }
        reader.beginObject();
        while (reader.hasNext()) {
            String name = name();
            if (names.contains(name)) {
                members.put(name, value());
            } else {
                reader.skipValue();
            }
        }
        reader.endObject();
        return members;
    }

    private List<Object> array() throws IOException {
        List<Object> array = new ArrayList<>();
        reader.beginArray();
        while (reader.hasNext()) {
            array.add(value());
        }
        reader.endArray();
        count();
        return array;
    }

    private String name() throws IOException {
        count();
        return checked(reader.nextName(), JsonLimits.NAME_LENGTH, "a name");
    }

    private void count() throws JsonException {
        if (++tokens > mostTokens) {
            throw JsonException.malformed("more than " + mostTokens + " values and names");
        }
    }

    private static String checked(String text, int most, String what) throws JsonException {
        if (text.length() > most) {
            throw JsonException
                    .malformed(what + " of " + text.length() + " characters, of which " + most + " are allowed");
        }
        return text;
    }

    private static JsonException failure(IOException e, Utf8Reader text) {
        boolean cutShort = isCutShort(e, text);
        return new JsonException((cutShort ? "ended too early: " : "malformed: ") + what(e) + place(e), cutShort, e);
    }

    /** Gson has an exception for the end of the input, but within a token it throws another. */
    private static boolean isCutShort(IOException e, Utf8Reader text) {
        return e instanceof EOFException || what(e).startsWith("unterminated string")
                || (what(e).startsWith("unterminated escape") && !text.textBeforeEnd().isEmpty())
                || endsWithinToken(text.textBeforeEnd());
    }

    /** Whether the end of the input may have cut a literal or a number. */
    private static boolean endsWithinToken(String text) {
        return text
                .matches("(?s).*(?:(?<![A-Za-z0-9_$])(?:t|tr|tru|f|fa|fal|fals|n|nu|nul)|-|[0-9][.]|[0-9][eE][+-]?)");
    }

    /** What Gson says, without the place and the page that it points to, neither of which is one line for sure. */
    private static String what(IOException e) {
        String message = e.getMessage() == null ? "" : e.getMessage();
        int place = message.indexOf(PLACE);
        String what = (place < 0 ? message : message.substring(0, place)).replaceAll("[^ -~]+", " ").strip();
        if (what.isEmpty() || what.startsWith("Use JsonReader")) {
            return "not JSON";
        }
        return what.substring(0, 1).toLowerCase(Locale.ROOT) + what.substring(1);
    }

    private static String place(IOException e) {
        String message = e.getMessage() == null ? "" : e.getMessage();
        int place = message.indexOf(PLACE);
        int path = message.indexOf(" path ", Math.max(place, 0));
        return place < 0 || path < 0
                ? ""
                : " (" + message.substring(place + " at ".length(), path).replace(" column ", ", column ") + ")";
    }
}
