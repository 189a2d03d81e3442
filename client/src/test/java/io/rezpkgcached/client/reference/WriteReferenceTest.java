package io.rezpkgcached.client.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.client.Program;
import io.rezpkgcached.client.syntax.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WriteReferenceTest {
    @TempDir
    Path folder;

    @Test
    void main_twice_samePagesAndScriptsForEveryCommand() throws Exception {
        for (String name : new String[]{"one", "two"}) {
            WriteReference.main(new String[]{folder.resolve(name).toString(), "1.2", "2026-11-24T23:59:59Z"});
        }
        Map<String, String> written = files(folder.resolve("one"));
        Set<String> expected = new TreeSet<>(Set.of("share/bash-completion/completions/rez-pkg-cache",
                "share/zsh/site-functions/_rez-pkg-cache",
                "share/bash-completion/completions/rez-memcache", "share/zsh/site-functions/_rez-memcache"));
        for (Program program : Program.values()) {
            for (Command command : program.all()) {
                expected.add("man/man1/" + command.line().replace(' ', '-') + ".1");
            }
        }
        assertEquals(expected, written.keySet());
        assertEquals(written, files(folder.resolve("two")));
        assertTrue(written.get("man/man1/rez-pkg-cache.1").contains(" 1 2026-11-24 \"rez-pkg-cached 1.2\""));
    }

    private static Map<String, String> files(Path folder) throws Exception {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                files.put(folder.relativize(path).toString(), Files.readString(path));
            }
        }
        return files;
    }
}
