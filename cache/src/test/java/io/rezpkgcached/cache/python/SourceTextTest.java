package io.rezpkgcached.cache.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

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

    @Test
    void decode_wrongBytesOrUnknownEncoding_isRefused() {
        assertThrows(PythonSyntaxException.class, () -> SourceText.decode(new byte[]{'x', (byte) 0xE9}));
        assertThrows(PythonSyntaxException.class,
                () -> SourceText.decode("# coding: rot13\n".getBytes(StandardCharsets.US_ASCII)));
    }
}
