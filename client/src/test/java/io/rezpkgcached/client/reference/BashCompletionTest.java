package io.rezpkgcached.client.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rezpkgcached.client.Program;
import io.rezpkgcached.client.syntax.Command;
import io.rezpkgcached.client.syntax.Option;
import io.rezpkgcached.client.syntax.Sample;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script in a real bash, with {@code set -u}. */
final class BashCompletionTest {
    private static final String FILES = "[-o default]";
    private static final String FOLDERS = "[-o filenames -o plusdirs]";

    @TempDir
    Path folder;

    private List<String> completed(List<Command> commands, List<String> lines) throws Exception {
        Path script = Files.writeString(folder.resolve("completion"), BashCompletion.of(commands));
        return Written.completed(List.of("bash", Written.harness("lines.bash").toString(), script.toString()), lines);
    }

    @Test
    void lines_ofEveryKind_areCompletedAsDeclared() throws Exception {
        String program = "--help --add-variants --clean --pkg-cache-mode --columns --verbose";
        Map<String, String> expected = new LinkedHashMap<>();
        expected.put("|", "enqueue requests status" + FOLDERS);
        expected.put("|e", "enqueue" + FOLDERS);
        expected.put("|-", program);
        expected.put("|--c", "--clean --columns");
        expected.put("|-c|", "status package variant_uri");
        expected.put("|-c|status|pa", "package");
        expected.put("|-c|status|-", program);
        expected.put("|--columns|=", "status package variant_uri");
        expected.put("|--columns|=|v", "variant_uri");
        expected.put("|--columns|=|status|", FOLDERS);
        expected.put("|-a|", "");
        expected.put("|-a|one|tw", "");
        expected.put("|--pkg-cache-mode|a", "async");
        expected.put("|--pkg-cache-mode|-", "");
        expected.put("|-v|", FOLDERS);
        expected.put("|folder|", "");
        expected.put("|folder|e", "");
        expected.put("|-v|enqueue|-", program);
        expected.put("|enqueue|", FILES);
        expected.put("|enqueue|--", "--help --cache --format --timeout");
        expected.put("|enqueue|x|y|", FILES);
        expected.put("|enqueue|--cache|", FOLDERS);
        expected.put("|enqueue|--cache|=|x", FOLDERS);
        expected.put("|enqueue|--cache|x|", FILES);
        expected.put("|enqueue|--cache|=|x|", FILES);
        expected.put("|enqueue|-o|j", "json");
        expected.put("|enqueue|--timeout|", "");
        expected.put("|enqueue|--|-", FILES);
        expected.put("|enqueue|-|", FILES);
        expected.put("|requests|re", "retry");
        expected.put("|requests|--output|x", FILES);
        expected.put("|status|", "");
        expected.put("|status|x|-", "--help");
        List<String> lines = expected.keySet().stream()
                .map(line -> "rez-pkg-cache" + line).toList();
        assertEquals(text(expected.keySet().stream().toList(), expected.values().stream().toList()),
                text(expected.keySet().stream().toList(), completed(Sample.ALL, lines)));
    }

    @Test
    void realCommands_options_areAllOffered() throws Exception {
        List<String> lines = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (Command command : Program.PKG_CACHE.all()) {
            lines.add((command.line() + " -").replace(' ', '|'));
            expected.add(command.options().stream().filter(option -> !option.isHidden()).map(Option::name)
                    .collect(Collectors.joining(" ")));
        }
        assertEquals(expected, completed(Program.PKG_CACHE.all(), lines));
    }

    @Test
    void script_inShellcheck_hasNoFault() throws Exception {
        List<List<String>> commands = new ArrayList<>();
        for (List<Command> declared : List.of(Sample.ALL, Program.PKG_CACHE.all(), Program.MEMCACHE.all())) {
            Path script = Files.writeString(folder.resolve("script" + commands.size()), BashCompletion.of(declared));
            commands.add(List.of("shellcheck", script.toString()));
        }
        Written.assertNothingFound(commands.stream());
    }

    private static String text(List<String> lines, List<String> offered) {
        assertEquals(lines.size(), offered.size(), offered::toString);
        return Stream.iterate(0, i -> i < lines.size(), i -> i + 1).map(i -> lines.get(i) + " -> " + offered.get(i))
                .collect(Collectors.joining("\n"));
    }
}
