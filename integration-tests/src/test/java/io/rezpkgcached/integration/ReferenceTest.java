package io.rezpkgcached.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Manual pages and completion of the distribution, found and read by the programs that they are for. */
final class ReferenceTest {
    private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--?[a-z][a-z-]*");
    private static final Pattern STATUS = Pattern.compile("(?m)^ *(\\d+)\\b|\\b(\\d\\d?)(?= [a-z])");

    private final Distribution distribution = Distribution.built();

    @TempDir
    private Path folder;

    private Run run(String... command) throws IOException, InterruptedException {
        return Run.of(folder, Map.of("PATH", System.getenv("PATH"), "LC_ALL", "C.UTF-8", "MANWIDTH", "80", "TERM",
                "dumb", "HOME", folder.toString()), List.of(command));
    }

    private String page(String name) throws IOException, InterruptedException {
        Run run = run("man", "--warnings", "-M", distribution.folder().resolve("man").toString(), name);
        assertEquals("0 ", run.status() + " " + run.err());
        return run.out();
    }

    private static Set<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(MatchResult::group).map(String::strip)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String section(String page, String title) {
        return page.substring(page.indexOf("\n" + title + "\n")).lines().skip(2)
                .takeWhile(line -> line.isEmpty() || line.startsWith(" ")).collect(Collectors.joining("\n"));
    }

    @Test
    void pageOfTheDaemon_optionsAndExitStatuses_areThoseOfItsHelp() throws Exception {
        String page = page("rez-pkg-cached");
        String help = run(distribution.daemon().toString(), "--help").out();
        int exits = help.indexOf("exit status:");
        assertEquals(found(OPTION, help.substring(0, exits)), found(OPTION, section(page, "OPTIONS")));
        assertEquals(found(OPTION, help.substring(0, exits)).stream().filter(name -> !name.equals("--help")).toList(),
                List.copyOf(found(OPTION, section(page, "SYNOPSIS"))));
        assertEquals(found(STATUS, help.substring(exits)), found(STATUS, section(page, "EXIT STATUS")));
        assertEquals(run(distribution.daemon().toString(), "--version").out().strip(),
                page.lines().toList().getLast().replaceFirst("  .*", ""));
    }

    @Test
    void pages_ofAllCommands_areFoundByManAndNameEachOther() throws Exception {
        Set<String> all = new TreeSet<>();
        for (Path program : List.of(distribution.client(), distribution.memcache())) {
            String word = program.getFileName().toString();
            Set<String> named = found(Pattern.compile(word + "-[a-z]+(-[a-z]+)*(?=\\(1\\))"),
                    section(page(word), "COMMANDS"));
            assertTrue(named.size() > 1, named::toString);
            all.add(word + ".1");
            for (String name : named) {
                all.add(name + ".1");
                String command = name.replace(word + "-", "");
                assertEquals(found(OPTION, run(program.toString(), command, "--help").out()),
                        found(OPTION, page(name)), name);
            }
        }
        try (Stream<Path> files = Files.list(distribution.folder().resolve("man/man1"))) {
            assertEquals(all, files.map(file -> file.getFileName().toString())
                    .collect(Collectors.toCollection(TreeSet::new)));
        }
    }

    @Test
    void completion_readByBothShells_isThere() throws Exception {
        Path share = distribution.folder().resolve("share");
        assertEquals(new Run(0, "complete -F _rez_pkg_cache rez-pkg-cache\n", ""), run("bash", "-euc",
                ". \"$0\"; complete -p rez-pkg-cache", share + "/bash-completion/completions/rez-pkg-cache"));
        assertEquals(new Run(0, "_rez-pkg-cache\n", ""), run("zsh", "-fc",
                "fpath=($0 $fpath); autoload -Uz compinit; compinit -u -D; print $_comps[rez-pkg-cache]",
                share + "/zsh/site-functions"));
    }
}
