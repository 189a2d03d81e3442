package io.rezpkgcached.cache.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SourceTextTest {

    @Test
    void decode_nothingDeclared_isUtf8() throws PythonSyntaxException {
        assertEquals("x = '\u00e9'", SourceText.decode("x = '\u00e9'".getBytes(StandardCharsets.UTF_8)));
        assertEquals("x = 1", SourceText.decode("\uFEFFx = 1".getBytes(StandardCharsets.UTF_8)));
        assertEquals("", SourceText.decode(new byte[0]));
    }

    @Test
    void decode_latinDeclared_isLatin() throws PythonSyntaxException {
        for (String line : new String[]{"# -*- coding: latin-1 -*-",
                "#!/usr/bin/python\n# vim: set fileencoding=iso-8859-1 :", "# coding=latin1"}) {
            String source = line + "\nx = '\u00e9'";
            assertEquals(source, SourceText.decode(source.getBytes(StandardCharsets.ISO_8859_1)));
        }
    }

    @Test
    void decode_declaredAfterCode_isIgnored() throws PythonSyntaxException {
        String source = "x = 1\n# coding: latin-1\n'\u00e9'";
        assertEquals(source, SourceText.decode(source.getBytes(StandardCharsets.UTF_8)));
    }

    private static PythonModule parse(String latin) throws PythonSyntaxException {
        return PythonModule.parse(SourceText.decode(latin.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** As Python 3.11 compiles them. */
    @Test
    void bytesThatAreNoUtf8_inCommentsAlone_areLet() throws PythonSyntaxException {
        for (String source : new String[]{"x = 1\n# caf\u00e9\n", "# -*- coding: utf-8 -*-\nx = 1\n# \u00e9\n",
                "# \u00e9\u00ff\nx = 1\n", "x = 1 # \u00e9", "y = [1, # \u00e9\n2]\nx = 1",
                "\u00ef\u00bb\u00bfx = 1\n  # \u00e9\n"}) {
            assertTrue(parse(source).names().contains("x"), source);
        }
        for (String source : new String[]{"x = '\u00e9'\n", "x = 1\n\u00e9 = 2\n", "x = \"\"\"\n# \u00e9\n\"\"\"\n",
                "# \u00e9\nx = f'\u00e9'", "x\u00e9"}) {
            assertThrows(PythonSyntaxException.class, () -> parse(source), source);
        }
        assertEquals("\uD83D\uDE00", SourceText.decode("\uD83D\uDE00".getBytes(StandardCharsets.UTF_8)));
        assertTrue(PythonModule.parse("x = '\uD83D\uDE00' # \uD83D\uDE00").names().contains("x"));
    }

    @Test
    void decode_unknownEncoding_isRefused() {
        assertThrows(PythonSyntaxException.class,
                () -> SourceText.decode("# coding: rot13\n".getBytes(StandardCharsets.US_ASCII)));
    }
}
