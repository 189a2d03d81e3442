package io.rezpkgcached.client.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SuggestionsTest {
    @ParameterizedTest
    @CsvSource({"--colums status,--columns", "--colums=status,--columns", "--collmns,--columns", "--claen,--clean",
            "--add-variant-s x,--add-variants", "--vebrose --cleen,'--verbose, --clean'", "--nope,''",
            "--deamon,''", "-x,''", "--x,''", "dir colums,''", "-c stauts,status", "-c nope,''",
            "--columns=packages,package", "-c package variant-uri,variant_uri", "--pkg-cache-mode asinc,async",
            "--pkg-cache-mode snc,sync", "--clean --add-variants=x,''", "--columns,''"})
    void of_mistypedWords_nearNames(String line, String meant) {
        UsageException problem = assertThrows(UsageException.class,
                () -> Parser.parse(Sample.REZ, List.of(line.split(" ", -1))));
        assertEquals(meant, String.join(", ", Suggestions.of(problem, Sample.REZ)));
    }

    @ParameterizedTest
    @CsvSource({"enqeue,the command enqueue", "stauts,the command status", "sttus,the command status",
            "request,the command requests", "clean,--clean", "help,--help", "add-variants,--add-variants", "v,''",
            "daemon,''", "h,''", "enq,''", "cache,''", "/nowhere/status,''", "statusses,''",
            "statuses,the command status"})
    void ofFirst_noCommand_nearCommandOrOption(String word, String meant) {
        assertEquals(meant, Suggestions.ofFirst(word, Sample.REZ, Sample.withWord()).orElse(""));
    }
}
