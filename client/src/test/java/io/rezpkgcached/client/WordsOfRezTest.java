package io.rezpkgcached.client;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.rezpkgcached.cache.json.Json;
import io.rezpkgcached.client.syntax.Option;
import io.rezpkgcached.client.syntax.Parsed;
import io.rezpkgcached.client.syntax.Parser;
import io.rezpkgcached.client.syntax.UsageException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Command lines, right and wrong ones, and what the parser of {@code rez-pkg-cache} 3.4.0 made of them on Python 3.11
 * ({@code rez-pkg-cache-words.json}): made at random from its options, their beginnings, and words that are none.
 */
final class WordsOfRezTest {
    private static final Map<String, String> NAMES = Map.of("add_variants", "--add-variants", "remove_variants",
            "--remove-variants", "columns", "--columns");

    @Test
    void parse_commandLines_asRezTakesThem() throws IOException {
        List<?> lines;
        try (InputStream in = WordsOfRezTest.class.getResourceAsStream("/rez-pkg-cache-words.json")) {
            lines = (List<?>) Json.read(in.readAllBytes());
        }
        assertEquals(505, lines.size());
        assertAll(lines.stream().map(line -> (Map<?, ?>) line).map(line -> () -> {
            List<String> words = texts(line.get("words"));
            assertEquals(line.containsKey("error") ? line.get("error") : new TreeMap<>((Map<?, ?>) line.get("options")),
                    parse(words), words.toString());
        }));
    }

    private static List<String> texts(Object list) {
        return ((List<?>) list).stream().map(Object::toString).toList();
    }

    /** What is not as it is without words, by rez's names; or the last line of the error. */
    private static Object parse(List<String> words) {
        try {
            Parsed parsed = Parser.parse(RezCommand.DECLARATION, words);
            Map<String, Object> given = new TreeMap<>();
            NAMES.forEach((name, option) -> put(given, name, parsed.values(option(option))));
            for (String flag : List.of("logs", "clean", "daemon", "force", "debug")) {
                put(given, flag, parsed.has(option("--" + flag)) ? List.of(true) : List.of());
            }
            given.replaceAll((name, value) -> NAMES.containsKey(name) ? value : true);
            parsed.value(option("--pkg-cache-mode")).ifPresent(mode -> given.put("pkg_cache_mode", mode));
            parsed.value(option("--profile")).ifPresent(file -> given.put("profile", file));
            parsed.operands().forEach(folder -> given.put("DIR", folder));
            if (parsed.count(option("--verbose")) > 0) {
                given.put("verbose", (long) parsed.count(option("--verbose")));
            }
            if (ListCommand.USUAL_COLUMNS.equals(given.get("columns"))) {
                given.remove("columns");
            }
            return given;
        } catch (UsageException e) {
            return RezUsage.of(Program.PKG_CACHE, e, 80).lines().toList().getLast();
        }
    }

    /** As rez 3.4.0 printed it on Python 3.11 with {@code COLUMNS} set to the width. */
    @Test
    void usage_atTerminalsOfSeveralWidths_isWrappedAsByArgparse() {
        String long20 = """
                usage: rez pkg-cache
                       [-h]
                       [-a URI [URI ...]
                       | --logs |
                       -r URI
                       [URI ...] |
                       --clean]
                       [--pkg-cache-mode {sync,async}]
                       [-c {status,package,variant_uri,orig_path,cache_path}\
                 [{status,package,variant_uri,orig_path,cache_path} ...]]
                       [-f] [-v]
                       [DIR]
                rez pkg-cache: error: x""";
        String long40 = """
                usage: rez pkg-cache [-h]
                                     [-a URI [URI ...]
                                     | --logs | -r URI
                                     [URI ...] |
                                     --clean]
                                     [--pkg-cache-mode {sync,async}]
                                     [-c {status,package,variant_uri,orig_path,cache_path}\
                 [{status,package,variant_uri,orig_path,cache_path} ...]]
                                     [-f] [-v]
                                     [DIR]
                rez pkg-cache: error: x""";
        UsageException known = new UsageException("x");
        assertEquals(long20, RezUsage.of(Program.PKG_CACHE, known, 20));
        assertEquals(long40, RezUsage.of(Program.PKG_CACHE, known, 40));
        assertEquals(2, RezUsage.of(Program.PKG_CACHE, known, 250).lines().count());
        UsageException unknown = assertThrows(UsageException.class,
                () -> Parser.parse(RezCommand.DECLARATION, List.of("--bogus")));
        String error = "rez: error: unrecognized arguments: --bogus";
        assertEquals("usage: rez [-h] [-i] [-V]\n           [-v]\n           COMMAND ...\n" + error,
                RezUsage.of(Program.PKG_CACHE, unknown, 30));
        String indent = "\n" + " ".repeat(11);
        assertEquals(
                "usage: rez" + indent + String.join(indent, "[-h]", "[-i]", "[-V]", "[-v]", "COMMAND", "...") + "\n"
                        + error,
                RezUsage.of(Program.PKG_CACHE, unknown, 16));
        assertEquals("usage: rez [-h] [-i] [-V] [-v] COMMAND ...\n" + error,
                RezUsage.of(Program.PKG_CACHE, unknown, 80));
    }

    private static void put(Map<String, Object> given, String name, List<?> values) {
        if (!values.isEmpty()) {
            given.put(name, values);
        }
    }

    private static Option option(String name) {
        return RezCommand.DECLARATION.options().stream()
                .filter(option -> option.names().contains(name)).findFirst().orElseThrow();
    }
}
