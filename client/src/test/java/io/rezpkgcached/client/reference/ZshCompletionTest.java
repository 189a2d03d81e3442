package io.rezpkgcached.client.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rezpkgcached.client.Program;
import io.rezpkgcached.client.syntax.Command;
import io.rezpkgcached.client.syntax.Sample;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script in a real, interactive zsh. */
final class ZshCompletionTest {
    @TempDir
    Path folder;

    private Path odd;

    @BeforeEach
    void makeFiles() throws Exception {
        odd = Written.odd(folder);
    }

    private List<String> completed(List<Command> commands, List<String> lines) throws Exception {
        Path functions = Files.createDirectories(folder.resolve("functions"));
        Files.writeString(functions.resolve("_rez-pkg-cache"), ZshCompletion.of(commands));
        Path meanwhile = Files.createDirectories(folder.resolve("meanwhile"));
        return Written.completed(List.of("zsh", "-f", Written.harness("lines.zsh").toString(), functions.toString(),
                meanwhile.toString(), odd.toString()), lines);
    }

    @Test
    void lines_ofEveryKind_areCompletedAsDeclared() throws Exception {
        String expected = """
                enqueue my\\ dir requests status = rez-pkg-cache\s
                enqueue = rez-pkg-cache enqueue\s
                my\\ dir = rez-pkg-cache my\\ dir/
                --clean --columns = rez-pkg-cache --c
                package status variant_uri = rez-pkg-cache -c\s
                package = rez-pkg-cache -c status package\s
                variant_uri = rez-pkg-cache --columns=variant_uri\s
                my\\ dir = rez-pkg-cache -c status -v my\\ dir/
                 = rez-pkg-cache -a\s
                --clean = rez-pkg-cache -a one --clean\s
                --verbose = rez-pkg-cache -a one --verbose\s
                async = rez-pkg-cache --pkg-cache-mode async\s
                 = rez-pkg-cache folder m
                a\\ file.rxt = rez-pkg-cache enqueue a\\ file.rxt\s
                my\\ dir = rez-pkg-cache enqueue --cache my\\ dir/
                my\\ dir = rez-pkg-cache enqueue --cache=my\\ dir/
                a\\ file.rxt = rez-pkg-cache enqueue --cache x a\\ file.rxt\s
                json = rez-pkg-cache enqueue -o json\s
                 = rez-pkg-cache enqueue --timeout\s
                retry = rez-pkg-cache requests retry\s
                a\\ file.rxt = rez-pkg-cache requests --output a\\ file.rxt\s
                --help -h = rez-pkg-cache status -
                --help = rez-pkg-cache status --help\s
                """;
        List<String> lines = List.of("", "enq", "m", "--c", "-c ", "-c status pa", "--columns=v", "-c status -v m",
                "-a ", "-a one --cle", "-a one --verb", "--pkg-cache-mode a", "folder m", "enqueue a",
                "enqueue --cache m", "enqueue --cache=m", "enqueue --cache x a", "enqueue -o j", "enqueue --timeout ",
                "requests re", "requests --output a", "status ", "status --").stream()
                .map(line -> "rez-pkg-cache " + line).toList();
        assertEquals(expected.lines().toList(), completed(Sample.ALL, lines));
    }

    @Test
    void realCommands_options_areAllOffered() throws Exception {
        List<String> lines = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (Command command : Program.PKG_CACHE.all()) {
            lines.add(command.line() + " -");
            expected.add(command.options().stream().filter(option -> !option.isHidden())
                    .flatMap(option -> option.names().stream()).sorted().collect(Collectors.joining(" ")));
        }
        assertEquals(expected,
                completed(Program.PKG_CACHE.all(), lines).stream().map(line -> line.split(" = ", 2)[0]).toList());
    }
}
