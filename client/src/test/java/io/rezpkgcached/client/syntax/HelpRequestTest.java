package io.rezpkgcached.client.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --help}, which no command declares; as argparse takes it. */
final class HelpRequestTest {
    private static List<String> words(String line) {
        return List.of(line.split(" ", -1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-h", "--help", "--hel", "--nope -h", "-vh", "-hv", "dir more -h", "-h -c",
            "--help --columns nope", "-a x -h --clean", "-c status --help"})
    void parse_helpAskedFor_nothingElseMatters(String line) throws UsageException {
        assertTrue(Parser.parse(Sample.REZ, words(line)).has(Option.HELP));
    }

    @Test
    void parse_helpWithoutWhatIsRequired_isHelp() throws UsageException {
        assertTrue(Parser.parse(Sample.ENQUEUE, List.of("-h")).has(Option.HELP));
        assertTrue(Parser.parse(Sample.STATUS, List.of("x", "--help")).has(Option.HELP));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--cache -h", "-o nope --help", "--help=x"})
    void parse_wrongBeforeHelp_isStillWrong(String line) {
        assertThrows(UsageException.class, () -> Parser.parse(Sample.ENQUEUE, words(line)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-hc", "-hx", "-h --c"})
    void parse_wrongInTheSameWordOrNoWordAtAll_isWrongAllTheSame(String line) {
        assertThrows(UsageException.class, () -> Parser.parse(Sample.REZ, words(line)));
    }

    @Test
    void parse_helpAfterDashes_isAWord() throws UsageException {
        Parsed parsed = Parser.parse(Sample.ENQUEUE, List.of("--", "--help"));
        assertFalse(parsed.has(Option.HELP));
        assertEquals(List.of("--help"), parsed.operands());
    }
}
