package io.rezpkgcached.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Real trees of this machine, whatever machine it is. */
final class Trees {
    /** Levels from a jar of JUnit up to the repository that it lies in: version, artifact, jupiter, junit, org. */
    private static final int LEVELS_OF_JUNIT = 6;

    private Trees() {}

    /** The JDK that runs the tests. */
    static Path jdk() {
        return Path.of(System.getProperty("java.home"));
    }

    /** Maven's local repository. */
    static Path mavenRepository() {
        try {
            Path folder = Path.of(Test.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            for (int i = 0; i < LEVELS_OF_JUNIT; i++) {
                folder = folder.getParent();
            }
            return folder;
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** The library of the Python that runs rez, with its compiled modules, extensions and tests. */
    static Path python(Rez rez) throws IOException, InterruptedException {
        Run run = Run.of(rez.bin(), Map.of("PATH", Lab.PATH),
                List.of(rez.command("rez-python"), "-c", "import sysconfig; print(sysconfig.get_path('stdlib'))"));
        assertEquals(0, run.status(), run.toString());
        return Path.of(run.out().strip());
    }

    /** Copies a tree, leaving out children of its root from where it would have more bytes than a limit. */
    static Path copy(Path source, Path target, long limit) throws IOException, InterruptedException {
        Files.createDirectories(target);
        List<String> command = new ArrayList<>(List.of("cp", "-a"));
        long bytes = 0;
        try (var children = Files.list(source)) {
            for (Path child : children.sorted().toList()) {
                long size = bytes(child);
                if (bytes + size <= limit) {
                    bytes += size;
                    command.add(child.toString());
                }
            }
        }
        assertTrue(bytes > 0, () -> "nothing in " + source);
        command.add(target.toString());
        Run run = Run.within(Duration.ofMinutes(3), target, Map.of("PATH", Lab.PATH), command);
        assertEquals(0, run.status(), run.toString());
        return target;
    }

    private static long bytes(Path tree) throws IOException, InterruptedException {
        Run run = Run.of(tree.getParent(), Map.of("PATH", Lab.PATH),
                List.of("du", "-s", "--block-size=1", tree.toString()));
        assertEquals(0, run.status(), run.toString());
        return Long.parseLong(run.out().split("\t", -1)[0]);
    }

    /** Removes a tree, folders without write permission and all. */
    static void remove(Path tree) throws IOException, InterruptedException {
        if (Files.exists(tree)) {
            Path parent = tree.getParent();
            Run.within(Duration.ofMinutes(3), parent, Map.of("PATH", Lab.PATH),
                    List.of("find", tree.toString(), "-type", "d", "!", "-perm", "-700", "-exec", "chmod", "u+rwx",
                            "{}", "+"));
            Run run = Run.within(Duration.ofMinutes(3), parent, Map.of("PATH", Lab.PATH),
                    List.of("rm", "-rf", tree.toString()));
            assertEquals(0, run.status(), run.toString());
        }
    }

    /** Every file has the same content, if links are followed; that is as much of a tree as rez keeps. */
    static void assertSameFiles(Path expected, Path actual) throws IOException, InterruptedException {
        Run run = Run.within(Duration.ofMinutes(3), expected, Map.of("PATH", Lab.PATH),
                List.of("diff", "-rq", expected.toString(), actual.toString()));
        assertEquals(new Run(0, "", ""), run);
    }
}
