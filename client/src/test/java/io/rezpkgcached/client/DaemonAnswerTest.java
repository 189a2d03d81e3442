package io.rezpkgcached.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.StateFile;
import io.rezpkgcached.cache.testing.Child;
import io.rezpkgcached.control.ControlServer;
import io.rezpkgcached.control.Reply;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a command does with what a daemon answers. */
final class DaemonAnswerTest {
    @TempDir
    private Path folder;

    private Child.Ended clean(CacheLayout layout) throws Exception {
        Map<String, String> environment = Map.of("HOME", folder.toString(), "REZ_CONFIG_FILE", "",
                "REZ_DISABLE_HOME_CONFIG", "1");
        return Child.run(Child.java(Main.class, "--clean", layout.toString()), environment, new byte[0]);
    }

    private CacheLayout cache() throws Exception {
        CacheLayout layout = CacheLayout.of(Files.createDirectory(folder.resolve("cache")));
        Files.createDirectories(layout.ours());
        Files.createDirectories(layout.toDelete().resolve("removed"));
        StateFile.write(layout.daemonFile(), Map.of("socket", folder.resolve("s").toString()));
        return layout;
    }

    /** As with rez: what a user may do in a cache is a matter of the folder's permissions. */
    @Test
    void clean_ofOneWhoMayNotAskTheDaemonForIt_isDoneByTheCommand() throws Exception {
        CacheLayout layout = cache();
        try (ControlServer server = ControlServer.listen(folder.resolve("s"), (_, _, _) -> new Reply.Done(""),
                (_, _) -> Optional.of(new Reply.Refusal("forbidden", "may only look")))) {
            Child.Ended ended = clean(layout);
            assertEquals(ExitCode.OK, ended.exitCode(), ended::toString);
            assertFalse(Files.exists(layout.toDelete().resolve("removed")), server.path()::toString);
        }
    }

    @Test
    void clean_thatTheDaemonCannotDo_failsWithItsReason() throws Exception {
        CacheLayout layout = cache();
        try (ControlServer server = ControlServer.listen(folder.resolve("s"),
                (_, _, _) -> new Reply.Refusal("failed", "no more disk"), (_, _) -> Optional.empty())) {
            Child.Ended ended = clean(layout);
            assertEquals(ExitCode.FAILURE, ended.exitCode(), ended::toString);
            assertTrue(ended.toString().contains("no more disk"), ended::toString);
            assertTrue(Files.exists(layout.toDelete().resolve("removed")), server.path()::toString);
        }
    }
}
