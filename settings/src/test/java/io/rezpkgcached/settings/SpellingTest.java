package io.rezpkgcached.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SpellingTest {

    @ParameterizedTest
    @CsvSource({"wokers,workers", "tmp_dir,tmpdir", "log-level,log_level", "frobnicate,''",
            "cache_package_path,cache_packages_path"})
    void nearest_misspelledName_isFound(String written, String meant) {
        assertEquals(meant, Spelling.nearest(written, Declared.ALL.stream().map(Setting::name).toList()).orElse(""));
    }
}
