package io.rezpkgcached.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SpellingTest {

    @ParameterizedTest
    @CsvSource({"wokers,workers", "tmp_dir,tmpdir", "log-level,log_level", "frobnicate,''",
            "cache_package_path,cache_packages_path"})
    void nearest_misspelledName_isFound(String written, String meant) {
        assertEquals(meant, Spelling
                .nearest(written, Declared.ALL.stream().map(Setting::name).toList(), written.length() / 3).orElse(""));
    }

    @ParameterizedTest
    @CsvSource({"enqueue,0", "enqeue,1", "enqueeu,1", "neqeue,2", "enq,4", "e,6", "'',7", "equeu,2", "EnQueue,2"})
    void distance_ofWords_countsAnExchangeOnce(String written, int distance) {
        assertEquals(distance, Spelling.distance(written, "enqueue"));
        assertEquals(distance, Spelling.distance("enqueue", written));
    }

    @ParameterizedTest
    @CsvSource({"wiat,wait", "wa,''", "wat,wait", "w,''", "x,''", "rot,root", "roto,root", "envv,env", "ab,''",
            "rooted,root", "rootedd,''"})
    void nearest_shortWords_lessThanHalfWrong(String written, String meant) {
        assertEquals(meant, Spelling.nearest(written, List.of("wait", "root", "env", "ba"), 2).orElse(""));
    }
}
