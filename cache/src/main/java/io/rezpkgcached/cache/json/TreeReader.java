package io.rezpkgcached.cache.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Builds a tree from Jackson's tokens.
 *
 * <p>Recursion is bounded by the limit on nesting, which Jackson holds before a level is entered.
 */
final class TreeReader {
    /** A literal or a number that the end of the input may have cut; Jackson reports these as if they were wrong. */
    private static final Pattern CUT_TOKEN = Pattern.compile(
            ".*(?:(?<![A-Za-z0-9_$])(?:t|tr|tru|f|fa|fal|fals|n|nu|nul)|-|[0-9][.]|[0-9][eE][+-]?)", Pattern.DOTALL);

    private static final int LONGEST_MESSAGE = 200;

    private TreeReader() {}

    private static final JsonLimits SMALL = JsonLimits.ofBytes(1 << 20);
    private static final JsonFactory OF_SMALL = factory(SMALL, Long.MAX_VALUE);

    static Object read(Utf8Reader text, JsonLimits limits) throws IOException {
        // A string is never longer than its document: one factory does for all that are small, as are nearly all.
        boolean small = limits.bytes() <= SMALL.bytes() && limits.stringLength() >= limits.bytes();
        JsonFactory factory = small ? OF_SMALL : factory(limits, Long.MAX_VALUE);
        return read(factory, text, TreeReader::value);
    }

    static Map<String, Object> readMembers(Utf8Reader text, JsonLimits limits, Set<String> names) throws IOException {
        return read(factory(limits, JsonLimits.TOKENS), text, (parser, token) -> members(parser, token, names));
    }

    /** What makes something of a value that has begun. */
    @FunctionalInterface
    private interface Shape<T> {
        T of(JsonParser parser, JsonToken token) throws IOException;
    }

    private static <T> T read(JsonFactory factory, Utf8Reader text, Shape<T> shape) throws IOException {
        try (JsonParser parser = factory.createParser(text)) {
            T result = root(parser, text, shape);
            if (trailing(parser)) {
                throw JsonException.malformed("text after the end of the value" + place(parser.currentTokenLocation()));
            }
            return result;
        }
    }

    private static JsonFactory factory(JsonLimits limits, long tokens) {
        StreamReadConstraints constraints = StreamReadConstraints.builder()
                .maxNestingDepth(JsonLimits.NESTING)
                .maxNumberLength(JsonLimits.NUMBER_LENGTH)
                .maxNameLength(JsonLimits.NAME_LENGTH)
                .maxStringLength(limits.stringLength())
                .maxTokenCount(tokens)
                .build();
        // Names come from strangers: a table that is shared between parsers, or for ever interned, is theirs to fill.
        return JsonFactory.builder()
                .streamReadConstraints(constraints)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .build();
    }

    private static <T> T root(JsonParser parser, Utf8Reader text, Shape<T> shape) throws IOException {
        try {
            JsonToken token = parser.nextToken();
            if (token == null) {
                throw JsonException.cutShort("empty, no JSON value");
            }
            return shape.of(parser, token);
        } catch (JsonProcessingException e) {
            throw failure(e, isCutShort(e, text));
        }
    }

    /** Jackson has an exception for the end of the input, but between entries and within some tokens it throws another. */
    private static boolean isCutShort(JsonProcessingException e, Utf8Reader text) {
        return e instanceof JsonEOFException
                || e.getOriginalMessage().startsWith("Unexpected end-of-input")
                || CUT_TOKEN.matcher(text.textBeforeEnd()).matches();
    }

    private static boolean trailing(JsonParser parser) throws IOException {
        try {
            return parser.nextToken() != null;
        } catch (JsonProcessingException e) {
            throw new JsonException("text after the end of the value" + place(e.getLocation()), false, e);
        } catch (JsonException e) {
            // Even the beginning of a character is too much here: no more bytes can mend it.
            throw new JsonException(e.getMessage(), false, e);
        }
    }

    private static Object value(JsonParser parser, JsonToken token) throws IOException {
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> integer(parser);
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
                throw new IllegalStateException("Jackson gave " + token + " for a value");
        };
    }

    private static Object integer(JsonParser parser) throws IOException {
        // Not one conditional expression: that would unbox both.
        if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            return parser.getBigIntegerValue();
        }
        return parser.getLongValue();
    }

    private static Map<String, Object> object(JsonParser parser) throws IOException {
        Map<String, Object> object = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            object.put(name, value(parser, parser.nextToken()));
        }
        return object;
    }

    private static Map<String, Object> members(JsonParser parser, JsonToken root, Set<String> names)
            throws IOException {
        Map<String, Object> members = new LinkedHashMap<>();
        if (root != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return members;
        }
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            if (names.contains(name)) {
                members.put(name, value(parser, token));
            } else {
                parser.skipChildren();
            }
        }
        return members;
    }

    private static List<Object> array(JsonParser parser) throws IOException {
        List<Object> array = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            array.add(value(parser, token));
        }
        return array;
    }

    private static JsonException failure(JsonProcessingException e, boolean cutShort) {
        String what = cutShort ? "ended too early: " : "malformed: ";
        return new JsonException(what + oneLine(e.getOriginalMessage()) + place(e.getLocation()), cutShort, e);
    }

    /** Jackson quotes the input in its messages, and says where a bracket was opened in a form that names no place. */
    private static String oneLine(String message) {
        String line = message.replaceAll(" \\(start marker at .*\\)", "").replaceAll("[^ -~]+", " ").strip();
        return line.length() <= LONGEST_MESSAGE ? line : line.substring(0, LONGEST_MESSAGE) + "...";
    }

    private static String place(JsonLocation location) {
        return location == null ? "" : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    }
}
