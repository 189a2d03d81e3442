package io.rezpkgcached.cache.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected texts were printed by {@code json.dumps} of CPython 3.11.7. */
class PythonWriterTest {
    @Test
    void write_everyKindOfValue_isAsPythonPrintsIt() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("z", Arrays.asList(1, 2L, BigInteger.TEN.pow(20), true, false, null));
        tree.put("a", Map.of());
        tree.put("", List.of());
        tree.put("n", Map.of("m", List.of("x")));
        assertEquals(
                "{\"z\": [1, 2, 100000000000000000000, true, false, null], \"a\": {}, \"\": [], \"n\": {\"m\": [\"x\"]}}",
                Json.write(tree));
    }

    @Test
    void write_strings_areAsciiWithLowerCaseEscapes() {
        assertEquals(
                "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f ~\\u007f\\u0080\\u00e9\\u2028\\ud83c\\udfac\\ud800\"",
                Json.write("\"\\/\b\f\n\r\t\0\u001f ~\u007f\u0080\u00e9\u2028\ud83c\udfac\ud800"));
    }

    @ParameterizedTest
    @CsvSource({
            "0.0, 0.0", "-0.0, -0.0", "1, 1.0", "-2.5e3, -2500.0", "1e15, 1000000000000000.0", "1e16, 1e+16",
            "123456789012345678, 1.2345678901234568e+17", "0.0001, 0.0001", "0.00001, 1e-05", "1.5e-7, 1.5e-07",
            "4.9E-324, 5e-324", "1e23, 1e+23", "2e-3, 0.002", "1.7976931348623157e308, 1.7976931348623157e+308",
            "Infinity, Infinity", "-Infinity, -Infinity", "NaN, NaN", "9007199254740993, 9007199254740992.0"
    })
    void write_doubles_areAsPythonPrintsThem(double number, String expected) {
        assertEquals(expected, Json.write(number));
    }

    @Test
    void write_notJson_isRefused() {
        assertThrows(IllegalArgumentException.class, () -> Json.write(new Object()));
        assertThrows(IllegalArgumentException.class, () -> Json.write(Map.of(1, 2)));
    }
}
