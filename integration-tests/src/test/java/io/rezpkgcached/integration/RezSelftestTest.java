package io.rezpkgcached.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** rez's own tests of its package cache, with our command in the place of its {@code rez-pkg-cache}. */
@Tag("rez")
final class RezSelftestTest {
    private static final int TIMES = 20;

    @TempDir
    private Path folder;

    @RepeatedTest(TIMES)
    void packageCacheTests_withOurCommand_pass(RepetitionInfo repetition) throws IOException, InterruptedException {
        Rez rez = Rez.real().withPkgCache(folder.resolve("rez"), Distribution.built().client());
        Map<String, String> environment = new HashMap<>();
        environment.put("PATH", "/usr/bin:/bin");
        environment.put("HOME", Files.createDirectories(folder.resolve("home")).toString());
        environment.put("TMPDIR", Files.createDirectories(folder.resolve("tmp")).toString());
        Run run = Run.of(folder, environment, List.of(rez.command("rez-selftest"), "--package_cache"));
        String said = "run " + repetition.getCurrentRepetition() + ": " + run;
        assertEquals(0, run.status(), said);
        assertTrue(run.err().contains("\nOK"), said);
    }
}
