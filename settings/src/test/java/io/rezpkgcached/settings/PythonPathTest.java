package io.rezpkgcached.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PythonPathTest {

    @ParameterizedTest
    @CsvSource({"a.py,a", "a,a", "/x/.rezconfig,/x/.rezconfig", "/x/.rezconfig.yaml,/x/.rezconfig", "/x.y/a,/x.y/a",
            "a.,a",
            "..a,..a", "..a.b,..a", "a.b.c,a.b", "'',''"})
    void withoutSuffix_path_asSplitext(String path, String expected) {
        assertEquals(expected, PythonPath.withoutSuffix(path));
    }

    @ParameterizedTest
    @CsvSource({"/a/../..,/", "a/..,.", "../a/../b,../b", "//a,//a", "///a,/a", "a//b/,a/b", "'',.", "./a,a"})
    void normalized_path_asNormpath(String path, String expected) {
        assertEquals(expected, PythonPath.normalized(path));
    }
}
