package io.rezpkgcached.cache.handle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.Vectors;
import io.rezpkgcached.cache.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HandleTest {
    private static final String FLASK = "{\"key\": \"filesystem.variant\", \"variables\": {\"index\": 0,"
            + " \"location\": \"/svr/packages\", \"name\": \"Flask\", \"repository_type\": \"filesystem\","
            + " \"version\": \"1.1.2\"}}";

    private static Handle parse(String json) throws Exception {
        return Handle.parse(Json.read(json.getBytes(StandardCharsets.UTF_8)));
    }

    /** A handle with only what is needed and {@code version}, the JSON of a value. */
    private static Handle withVersion(String version) throws Exception {
        return parse("{\"key\": \"filesystem.variant\", \"variables\": {\"repository_type\": \"filesystem\","
                + " \"location\": \"/p\", \"name\": \"n\", \"version\": " + version + "}}");
    }

    @Test
    void parse_everyVector_hashesAsRezDoes() throws Exception {
        List<Map<String, Object>> vectors = Vectors.objects("handles.json");
        assertEquals(78, vectors.size());
        for (Map<String, Object> vector : vectors) {
            Handle handle = Handle.parse(vector.get("handle"));
            String path = handle.name() + "/" + handle.versionDirectory() + "/" + handle.hashDirectory();
            assertEquals(
                    List.of(vector.get("repr"), vector.get("sha1"), vector.get("path")),
                    List.of(handle.hashedText(), handle.sha1(), path));
        }
    }

    @ParameterizedTest
    @CsvSource({
            "Flask-1.1.2-ad501cdf9f3944109be44075aec2d177, a9d8",
            "Jinja2-2.11.2-7df34f52eca54f57a7face99326ff492, ",
            "MarkupSafe-1.1.1-e87df9d5f38e4f118c8388b53239d7b2, ",
            "Werkzeug-1.0.1-1c4c0089ac234d599b6a81b7730a5d9a, ",
            "arch-x86_64-f20fa7eae7ca49f2812e9e7dc71c7d3a, 479d",
            "click-7.1.2-481beb0bd3154caabdfbb4d06396996e, ",
            "itsdangerous-1.1.0-176c727dd24047d4b9a8701d86ee91e3, ",
            "platform-linux-c7bd708ebc584d5b85530a2422ca770b, 01e2",
            "python-3.7.4-781807c9063d4b91be213d1863216b74, c957"
    })
    void toJson_requestThatRezWrote_isTheSameBytes(String request, String hashDirectory) throws Exception {
        byte[] bytes = Vectors.bytes("pending/" + request + ".json");

        Handle handle = Handle.parse(Json.read(bytes));

        assertEquals(new String(bytes, StandardCharsets.UTF_8), handle.toJson());
        assertTrue(request.startsWith(handle.qualifiedName() + "-"));
        if (hashDirectory != null) {
            assertEquals(hashDirectory, handle.hashDirectory());
        }
    }

    @Test
    void parse_wellFormed_tellsItsParts() throws Exception {
        Handle handle = parse(FLASK);
        assertEquals(
                List.of("filesystem.variant", "/svr/packages", "Flask", Optional.of("1.1.2"), OptionalInt.of(0), false,
                        "Flask-1.1.2", "1.1.2"),
                List.of(handle.key(), handle.location(), handle.name(), handle.version(), handle.index(),
                        handle.isCombined(), handle.qualifiedName(), handle.versionDirectory()));
        assertTrue(parse(FLASK.replace("variant", "variant.combined")).isCombined());
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"\"", "false", "\"_NO_VERSION\""})
    void parse_versionThatRezTakesForAbsent_isAbsentButKept(String version) throws Exception {
        Handle handle = withVersion(version);
        assertEquals(
                List.of(Optional.empty(), "_NO_VERSION", "n", OptionalInt.empty()),
                List.of(handle.version(), handle.versionDirectory(), handle.qualifiedName(), handle.index()));
        assertTrue(handle.toJson().contains("\"version\": " + version), handle.toJson());
    }

    /** Hashes by CPython 3.11.7. */
    @Test
    void hashedText_falseAndNone_areAsPythonPrintsThem() throws Exception {
        assertEquals(
                "('filesystem.variant', (('location', '/p'), ('name', 'n'), ('repository_type', 'filesystem'),"
                        + " ('version', False)))",
                withVersion("false").hashedText());
        assertTrue(withVersion("null").hashedText().endsWith("('version', None)))"));
    }

    @Test
    void equals_isThatOfPythonDicts() throws Exception {
        Handle flask = parse(FLASK);
        Handle reordered = parse("{\"variables\": {\"version\": \"1.1.2\", \"repository_type\": \"filesystem\","
                + " \"name\": \"Flask\", \"location\": \"/svr/packages\", \"index\": 0},"
                + " \"key\": \"filesystem.variant\"}");
        assertEquals(flask, reordered);
        assertEquals(flask.hashCode(), reordered.hashCode());
        assertEquals(flask.sha1(), reordered.sha1());
        assertNotEquals(flask, parse(FLASK.replace("\"index\": 0", "\"index\": 1")));
        assertNotEquals(
                parse(FLASK.replace("\"index\": 0", "\"index\": null")), parse(FLASK.replace("\"index\": 0, ", "")));
        assertNotEquals(flask, parse(FLASK.replace("variant", "variant.combined")));
        assertNotEquals(withVersion("null"), withVersion("\"\""));
    }

    @Test
    void of_parts_isTheHandleThatRezMakes() throws Exception {
        assertEquals(
                parse(FLASK), Handle.of("/svr/packages", "Flask", Optional.of("1.1.2"), OptionalInt.of(0)));
        assertEquals(
                "{\"key\": \"filesystem.variant\", \"variables\": {\"repository_type\": \"filesystem\","
                        + " \"location\": \"/p\", \"name\": \"n\", \"index\": null}}",
                Handle.of("/p", "n", Optional.empty(), OptionalInt.empty()).toJson());
        assertThrows(
                IllegalArgumentException.class,
                () -> Handle.of("p", "n", Optional.empty(), OptionalInt.empty()));
    }

    @Test
    void toTree_changed_leavesHandleAlone() throws Exception {
        Handle handle = parse(FLASK);
        handle.toTree().clear();
        ((Map<?, ?>) handle.toTree().get("variables")).clear();
        assertEquals(FLASK, handle.toJson());
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "null", "1", "[]", "\"x\"", "{}", "{\"key\": \"filesystem.variant\"}", "{\"variables\": {}}",
            "{\"key\": \"filesystem.variant\", \"variables\": null}",
            "{\"key\": null, \"variables\": {}}",
            "{\"key\": \"filesystem.variant\", \"variables\": {}}"
    })
    void parse_notAHandle_isRefused(String json) {
        refused(json);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "\"variables\"| \"x\": 1, \"variables\"",
            "filesystem.variant| filesystem.package",
            "filesystem.variant| memory.variant",
            "\"filesystem\"| \"memory\"",
            "\"filesystem\"| null",
            "\"repository_type\": \"filesystem\",|",
            "\"location\": \"/svr/packages\",|",
            "\"name\": \"Flask\",|",
            "\"index\"| \"indexes\"",
            "\"index\": 0| \"index\": true",
            "\"index\": 0| \"index\": -1",
            "\"index\": 0| \"index\": 1000001",
            "\"index\": 0| \"index\": 99999999999999999999",
            "\"index\": 0| \"index\": 0.0",
            "\"index\": 0| \"index\": \"0\"",
            "\"index\": 0| \"index\": []",
            "\"Flask\"| null",
            "\"Flask\"| 1",
            "\"Flask\"| \"\"",
            "\"Flask\"| \".\"",
            "\"Flask\"| \"..\"",
            "\"Flask\"| \".sys\"",
            "\"Flask\"| \"a/b\"",
            "\"Flask\"| \"../a\"",
            "\"Flask\"| \"a\\u0000\"",
            "\"Flask\"| \"a\\ud800\"",
            "\"Flask\"| \"\\udfff\\ud800\"",
            "\"1.1.2\"| true",
            "\"1.1.2\"| 1",
            "\"1.1.2\"| 0",
            "\"1.1.2\"| []",
            "\"1.1.2\"| \"..\"",
            "\"1.1.2\"| \".copying-a\"",
            "\"1.1.2\"| \"1/2\"",
            "\"1.1.2\"| \"1\\u0000\"",
            "\"1.1.2\"| \"\\udc00\"",
            "\"/svr/packages\"| \"\"",
            "\"/svr/packages\"| \"svr\"",
            "\"/svr/packages\"| \"/svr/../etc\"",
            "\"/svr/packages\"| \"/..\"",
            "\"/svr/packages\"| \"/svr/.\"",
            "\"/svr/packages\"| \"/./svr\"",
            "\"/svr/packages\"| \"/a\\u0000b\"",
            "\"/svr/packages\"| \"/a\\ud83c\"",
            "\"/svr/packages\"| {}",
            "\"index\": 0| \"index\": 0, \"ext\": null",
            "\"index\": 0| \"index\": 0, \"ext\": \"../py\""
    })
    void parse_hostileValue_isRefused(String part, String replacement) {
        String json = FLASK.replace(part, replacement == null ? "" : replacement);
        assertNotEquals(FLASK, json);
        refused(json);
    }

    @Test
    void parse_longValues_areRefusedByTheirBytes() throws Exception {
        assertEquals(255, parse(FLASK.replace("Flask", "n".repeat(255))).name().length());
        refused(FLASK.replace("Flask", "n".repeat(256)));
        refused(FLASK.replace("Flask", "\u00e9".repeat(128)));
        refused(FLASK.replace("1.1.2", "1".repeat(256)));
        assertEquals(4096, parse(FLASK.replace("/svr/packages", "/" + "p".repeat(4095))).location().length());
        refused(FLASK.replace("/svr/packages", "/" + "p".repeat(4096)));
        refused(FLASK.replace("Flask", "n".repeat(1_000_000)));
    }

    @Test
    void parse_refused_saysWhatIsExpected() {
        assertEquals(
                "name is '.sys\\n', expected: no dot at the start, since such names are internal to the cache",
                refused(FLASK.replace("Flask", ".sys\\n")).getMessage());
        assertEquals(
                "variables has an unknown name 'x', expected: ext, index, location, name, repository_type, version",
                refused(FLASK.replace("\"index\"", "\"x\"")).getMessage());
        assertEquals(
                "index is true, expected: null or an integer of 0 to 1000000",
                refused(FLASK.replace("\"index\": 0", "\"index\": true")).getMessage());
    }

    @Test
    void parse_anyOrderAndText_roundTripsAndHashesAlike() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            Map<String, Object> variables = new LinkedHashMap<>();
            variables.put("repository_type", "filesystem");
            variables.put("location", "/" + text(random));
            variables.put("name", "n" + text(random));
            variables.put("version", "v" + text(random));
            variables.put("index", random.nextBoolean() ? null : (Long) (long) random.nextInt(1000));
            List<String> names = new ArrayList<>(variables.keySet());
            Collections.shuffle(names, random);
            Map<String, Object> shuffled = new LinkedHashMap<>();
            names.forEach(name -> shuffled.put(name, variables.get(name)));

            Handle handle = Handle.parse(Map.of("key", "filesystem.variant", "variables", variables));
            Handle other = Handle.parse(Map.of("key", "filesystem.variant", "variables", shuffled));

            assertEquals(handle, other, "seed " + seed);
            assertEquals(handle.sha1(), other.sha1(), "seed " + seed);
            assertEquals(names, List.copyOf(((Map<?, ?>) other.toTree().get("variables")).keySet()), "seed " + seed);
            assertEquals(other.toJson(), parse(other.toJson()).toJson(), "seed " + seed);
            assertFalse(handle.hashedText().contains("\n"), "seed " + seed);
        }
    }

    private static String text(Random random) {
        return random.ints(random.nextInt(12), 1, 0x11000)
                .filter(c -> c != '/' && c != '.' && !(c >= 0xd800 && c <= 0xdfff))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static MalformedHandleException refused(String json) {
        MalformedHandleException e = assertThrows(MalformedHandleException.class, () -> parse(json), json);
        assertFalse(e.getMessage().contains("\n"), e.getMessage());
        assertTrue(e.getMessage().length() < 400, e.getMessage());
        return e;
    }
}
