package io.rezpkgcached.cache.python;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Expected texts were printed by CPython 3.11.7. */
class PythonTextTest {
    @Test
    void repr_quotes_areChosenByContent() {
        assertEquals(
                List.of("''", "'a'", "\"it's\"", "'say \"hi\"'", "'it\\'s \"both\"'"),
                List.of(
                        PythonText.repr(""),
                        PythonText.repr("a"),
                        PythonText.repr("it's"),
                        PythonText.repr("say \"hi\""),
                        PythonText.repr("it's \"both\"")));
    }

    @Test
    void repr_notPrintable_isEscaped() {
        assertEquals(
                "'\\\\ \\n\\r\\t\\x00\\x1f\\x7f\\x80\\xa0\\xad\\u0378\\u200b\\u2028\\ufeff\\ue000\\ud800\\U000e0001\\U0010ffff'",
                PythonText.repr("\\ \n\r\t\0\u001f\u007f\u0080\u00a0\u00ad\u0378\u200b\u2028\ufeff\ue000\ud800"
                        + Character.toString(0xe0001) + Character.toString(0x10ffff)));
    }

    @Test
    void repr_printable_staysAsItIs() {
        assertEquals("'caf\u00e9 \u65e5 e\u0301 \ud83c\udfac'",
                PythonText.repr("caf\u00e9 \u65e5 e\u0301 \ud83c\udfac"));
    }

    @Test
    void repr_newerThanUnicode14_isEscaped() {
        assertEquals("'\\u0897\\U0001fadf\\U000323af'",
                PythonText.repr("\u0897\ud83e\udedf" + Character.toString(0x323af)));
    }

    /** Fails on a Java with a newer Unicode: the ranges of {@link LaterCharacters} must then be extended. */
    @Test
    void isPrintable_allCodePoints_areThoseOfPython311() throws Exception {
        StringBuilder flags = new StringBuilder(0x110000);
        for (int c = 0; c <= 0x10ffff; c++) {
            flags.append(PythonText.isPrintable(c) ? '1' : '0');
        }
        byte[] sum = MessageDigest.getInstance("SHA-1").digest(flags.toString().getBytes(StandardCharsets.US_ASCII));
        assertEquals("944750b61521c0a06f1593fe7b8ea661a1d576f7", HexFormat.of().formatHex(sum));
    }

    @Test
    void reprList_strings_isAsPythonPrintsAList() {
        assertEquals("[]", PythonText.reprList(List.of()));
        assertEquals("['a', \"b'c\"]", PythonText.reprList(List.of("a", "b'c")));
    }
}
