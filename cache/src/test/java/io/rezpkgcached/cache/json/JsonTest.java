package io.rezpkgcached.cache.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    private static final String DOCUMENT = "{\"a\": [1, -2.5e+3, true, false, null, \"x\\u00e9\\n\"], \"\u00e9\ud83c\udfac\": {\"\": 12}, \"b\": []}";

    private static Object read(String text) throws JsonException {
        return Json.read(text.getBytes(StandardCharsets.UTF_8));
    }

    private static JsonException failure(String text) {
        return failure(text.getBytes(StandardCharsets.UTF_8));
    }

    private static JsonException failure(byte[] bytes) {
        JsonException e = assertThrows(JsonException.class, () -> Json.read(bytes));
        assertFalse(e.getMessage().contains("\n"), e.getMessage());
        assertTrue(e.getMessage().length() < 300, e.getMessage());
        return e;
    }

    @Test
    void read_everyKindOfValue_givesPlainTree() throws Exception {
        Map<String, Object> expected = new LinkedHashMap<>();
        expected.put("a", Arrays.asList(1L, -2500.0, true, false, null, "x\u00e9\n"));
        expected.put("\u00e9\ud83c\udfac", Map.of("", 12L));
        expected.put("b", List.of());

        Object tree = read(DOCUMENT);

        assertEquals(expected, tree);
        assertEquals(List.of("a", "\u00e9\ud83c\udfac", "b"), List.copyOf(((Map<?, ?>) tree).keySet()));
    }

    @Test
    void read_integers_areLongUntilTheyDoNotFit() throws Exception {
        assertEquals(
                List.of(Long.MAX_VALUE, BigInteger.ONE.shiftLeft(63), 0L),
                read("[9223372036854775807, 9223372036854775808, -0]"));
    }

    @Test
    void read_sameNameTwice_lastValueWinsAtFirstPlace() throws Exception {
        assertEquals("{\"a\": 3, \"b\": 2}", Json.write(read("{\"a\":1,\"b\":2,\"a\":3}")));
    }

    @Test
    void read_everyBeginningOfADocument_isCutShort() {
        byte[] bytes = DOCUMENT.getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length < bytes.length; length++) {
            JsonException e = failure(Arrays.copyOf(bytes, length));
            assertTrue(e.isCutShort(), length + ": " + e.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n", "[tru", "[n", "[-", "[1.", "[1e", "[1e+", "[\"\\u00", "{\"a\":", "fals"})
    void read_endedTooEarly_isCutShort(String text) {
        JsonException e = failure(text);
        assertTrue(e.isCutShort(), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "{} x", "{} tru", "[1 2]", "{\"a\" 1}", "[trux", "trux", "[nut", "xtrue", "[1,]", "{,}", "{'a':1}", "{a:1}",
            "NaN",
            "Infinity", "[01]", "[+1]", "[.5]", "[1.]", "[\"\n\"]", "[\"\\x\"]", "[\"\\u00g0\"]", "/**/1", "# c\n1",
            "\ufeff{}", "\0", "]", "[}", "undefined", "[\"a\"b\"]"
    })
    void read_malformed_isNotCutShort(String text) {
        JsonException e = failure(text);
        assertFalse(e.isCutShort(), e.getMessage());
    }

    @Test
    void read_malformed_saysWhere() {
        assertEquals(
                "malformed: not JSON (line 2, column 7)",
                failure("{\n  \"a\":1x}").getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"22c0af22", "22eda08022", "22f490808022", "22ff22", "2280e9e9", "22e0808022", "2265e922"})
    void read_invalidUtf8_isMalformed(String hex) {
        JsonException e = failure(HexFormat.of().parseHex(hex));
        assertFalse(e.isCutShort(), e.getMessage());
        assertTrue(e.getMessage().startsWith("not UTF-8 at byte "), e.getMessage());
    }

    @Test
    void read_cutCharacter_isCutShortOnlyWithinTheValue() {
        assertTrue(failure(HexFormat.of().parseHex("22c3")).isCutShort());
        assertFalse(failure(HexFormat.of().parseHex("7b7dc3")).isCutShort());
    }

    @Test
    void read_utf16_isRefused() {
        assertFalse(failure("{}".getBytes(StandardCharsets.UTF_16LE)).isCutShort());
    }

    @Test
    void read_surrogatePairsAnywhere_areWhole() throws Exception {
        for (int before = 0; before < 3; before++) {
            String text = "x".repeat(before) + "\ud83d\ude00".repeat(5_000);
            assertEquals(text, read("\"" + text + "\""));
        }
    }

    @Test
    void read_64Levels_isTheMost() throws Exception {
        assertInstanceOf(List.class, read("[".repeat(64) + "]".repeat(64)));
        assertFalse(failure("[".repeat(65) + "]".repeat(65)).isCutShort());
        assertFalse(failure("[".repeat(1_000_000)).isCutShort());
        assertFalse(failure("{\"a\":".repeat(1_000_000)).isCutShort());
    }

    @Test
    void read_1000Digits_isTheMost() throws Exception {
        assertEquals(new BigInteger("9".repeat(1000)), read("9".repeat(1000)));
        assertFalse(failure("9".repeat(1001)).isCutShort());
        assertFalse(failure("[1." + "9".repeat(1_000_000) + "]").isCutShort());
    }

    @Test
    void read_longName_isRefused() {
        assertFalse(failure("{\"" + "n".repeat(70_000) + "\": 1}").isCutShort());
    }

    @Test
    void read_streamOverLimit_saysSo() throws Exception {
        byte[] bytes = "[\"abc\"]".getBytes(StandardCharsets.UTF_8);
        assertEquals(List.of("abc"), Json.read(new ByteArrayInputStream(bytes), JsonLimits.ofBytes(7)));

        JsonException e = assertThrows(
                JsonException.class, () -> Json.read(new ByteArrayInputStream(bytes), JsonLimits.ofBytes(6)));

        assertEquals("larger than the limit of 6 bytes", e.getMessage());
        assertFalse(e.isCutShort());
        assertThrows(
                JsonException.class, () -> Json.read(new ByteArrayInputStream(bytes), new JsonLimits(100, 2)));
    }

    @Test
    void read_endlessStream_stopsAtLimit() {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return ' ';
            }

            @Override
            public int read(byte[] target, int offset, int length) {
                Arrays.fill(target, offset, offset + length, (byte) ' ');
                return length;
            }
        };
        JsonException e = assertThrows(JsonException.class, () -> Json.read(endless, JsonLimits.ofBytes(1_000_000)));
        assertEquals("larger than the limit of 1000000 bytes", e.getMessage());
    }

    @Test
    void read_largeStreamInSmallPieces_isWhole() throws Exception {
        String text = "[" + "\"\ud83c\udfac\u00e9a\", ".repeat(300_000) + "1]";
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        InputStream pieces = new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                return super.read(target, offset, Math.min(length, 7));
            }
        };

        List<?> list = (List<?>) Json.read(pieces, JsonLimits.ofBytes(bytes.length));

        assertEquals(300_001, list.size());
        assertEquals(Collections.nCopies(300_000, "\ud83c\udfac\u00e9a"), list.subList(0, 300_000));
    }

    @Test
    void read_failingStream_givesItsError() {
        InputStream failing = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("disk gone");
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                return read();
            }
        };
        IOException e = assertThrows(IOException.class, () -> Json.read(failing, JsonLimits.ofBytes(10)));
        assertEquals("disk gone", e.getMessage());
    }

    @Test
    void read_damagedDocuments_neverThrowAnythingElse() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = DOCUMENT.getBytes(StandardCharsets.UTF_8);
            for (int change = random.nextInt(4); change >= 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                Object tree = Json.read(bytes);
                assertEquals(tree, read(Json.write(tree)), "seed " + seed);
            } catch (JsonException e) {
                assertFalse(e.getMessage().isEmpty());
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", " + HexFormat.of().formatHex(bytes), e);
            }
        }
    }

    private static Map<String, Object> members(String text) throws IOException {
        return Json.readMembers(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
                new JsonLimits(100_000_000, 100), java.util.Set.of("a", "b"));
    }

    @Test
    void readMembers_object_keepsThoseThatAreNamed() throws IOException {
        assertEquals(Map.of("a", List.of(1L, Map.of("c", "x")), "b", false),
                members("{\"c\": {\"a\": 1}, \"a\": [1, {\"c\": \"x\"}], \"d\": [[\"a\"]], \"b\": false} "));
        assertEquals(List.of(Map.of(), Map.of(), Map.of()), List.of(members("{}"), members("[{\"a\": 1}]"),
                members("\"a\"")));
        assertEquals(Map.of("a", 1L), members("{\"c\": \"" + "x".repeat(1_000_000) + "\", \"a\": 1}"));
        assertEquals(Map.of("a", 1L), members("{\"c\": [" + "1,".repeat(1_000_000) + "1], \"a\": 1}"));
    }

    @Test
    void readMembers_whatIsNotKept_mustBeJsonTooAndOfBoundedSize() {
        for (String text : List.of("", "{\"c\": [1,], \"a\": 1}", "{\"c\": tru, \"a\": 1}", "{\"a\": 1} x",
                "{\"a\": [" + "1,".repeat(1_000_000) + "1]}", "{\"c\": " + "[".repeat(100),
                "{\"a\": [" + "{},".repeat(500_000) + "{}]}", "{\"a\": \"" + "x".repeat(101) + "\"}")) {
            JsonException e = assertThrows(JsonException.class, () -> members(text));
            assertTrue(e.getMessage().lines().count() == 1 && e.getMessage().length() < 300, e.getMessage());
        }
    }
}
