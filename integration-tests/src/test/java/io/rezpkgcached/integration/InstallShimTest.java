package io.rezpkgcached.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.StateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code rez-pkg-cache install-shim} over the commands of a real rez. */
@Tag("rez")
final class InstallShimTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Path CLIENT = Distribution.built().client();

    private Path command;
    private Path kept;
    private final Map<String, String> environment = new HashMap<>(Map.of("PATH", Lab.PATH));

    private Run shim(String... words) throws IOException, InterruptedException {
        return Run.of(Path.of("/"), environment, Stream
                .concat(Stream.of(CLIENT.toString(), "install-shim"), List.of(words).stream()).toList());
    }

    @Test
    void installShim_overRealRez_isWhatRezStartsAndGoesAgain() throws Exception {
        Lab lab = Lab.make("shim");
        Rez rez = Rez.real().copy(lab.folder().resolve("rez"));
        command = rez.bin().resolve("rez-pkg-cache");
        kept = rez.bin().resolve("rez-pkg-cache.rez");
        String own = Files.readString(command);

        Path memcache = rez.bin().resolve("rez-memcache");
        String memcacheOwn = Files.readString(memcache);
        Path launcher = CLIENT.toRealPath();
        Path memcacheLauncher = launcher.resolveSibling("rez-memcache");
        String done = command + " is now " + launcher + "; rez's own is kept as " + kept + "\n" + memcache + " is now "
                + memcacheLauncher + "; rez's own is kept as " + memcache + ".rez\n";
        assertEquals(new Run(0, done, ""), shim(rez.bin().toString()));
        servesAnEnvironment(lab.with(rez), "one");

        rez.upgrade();
        assertEquals(own, Files.readString(command));
        assertEquals(new Run(0, done, ""), shim(rez.bin().toString()));
        assertEquals(
                new Run(0, command + " is already " + launcher + "\n" + memcache + " is already " + memcacheLauncher
                        + "\n", ""),
                shim(rez.bin().toString()));
        Run unknown = Run.of(lab.folder(), Map.of("PATH", Lab.PATH, "REZ_MEMCACHED_URI", "127.0.0.1:1"),
                List.of(memcache.toString(), "--flush", "--resolves"));
        assertEquals("0 resolves are deleted, 0 other entries are kept.\n", unknown.out());
        servesAnEnvironment(lab.with(rez), "two");

        assertEquals(new Run(0, "rez's own command is back: " + command + "\nrez's own command is back: " + memcache
                + "\n", ""), shim("--undo", rez.bin().toString()));
        assertEquals(own, Files.readString(command));
        assertEquals(memcacheOwn, Files.readString(memcache));
        assertTrue(Files.notExists(kept));
        Run help = Run.of(Path.of("/"), environment, List.of(command.toString(), "--help"));
        assertTrue(help.status() == 0 && !help.out().contains("install-shim"), help::toString);
    }

    @Test
    void command_configurationThatIsComputed_asksTheRezBesideIt() throws Exception {
        Lab lab = Lab.make("shim-computed");
        Rez rez = Rez.real().copy(lab.folder().resolve("rez"));
        command = rez.bin().resolve("rez-pkg-cache");
        assertEquals(0, shim(rez.bin().toString()).status());
        Path cache = lab.folder().resolve("cache-three");
        Path config = Files.writeString(lab.folder().resolve("config.py"), """
                import os
                packages_path = [os.path.join("%s", "")[:-1]]
                default_cachable = bool(os.environ)
                cache_packages_path = os.path.normpath("%s/")
                """.formatted(lab.repository(), cache));
        servesAnEnvironment(lab.with(rez), "three", Map.of("REZ_CONFIG_FILE", config.toString()),
                List.of("REZ_PACKAGES_PATH", "REZ_DEFAULT_CACHABLE", "REZ_CACHE_PACKAGES_PATH"));

        Map<String, String> computed = new HashMap<>(lab.environment(cache));
        List.of("REZ_PACKAGES_PATH", "REZ_DEFAULT_CACHABLE", "REZ_CACHE_PACKAGES_PATH").forEach(computed::remove);
        computed.put("REZ_CONFIG_FILE", config.toString());
        for (List<String> words : List.of(List.<String>of(), List.of("-c", "status", "orig_path"),
                List.of("--clean"))) {
            Run ours = Run.of(lab.folder(), computed, Stream.concat(Stream.of(command.toString()), words.stream())
                    .toList());
            Run rezs = Run.of(lab.folder(), computed,
                    Stream.concat(Stream.of(rez.bin().resolve("rez-pkg-cache.rez").toString()), words.stream())
                            .toList());
            assertEquals(0, ours.status(), ours::toString);
            assertEquals(rezs.out(), ours.out());
        }
    }

    private void servesAnEnvironment(Lab lab, String name) throws IOException, InterruptedException {
        servesAnEnvironment(lab, name, Map.of(), List.of());
    }

    /** A context caches in the background, by the command that rez finds in its own folder: the daemon that comes is ours. */
    private void servesAnEnvironment(Lab lab, String name, Map<String, String> more, List<String> without)
            throws IOException, InterruptedException {
        Path version = Files.createDirectories(lab.repository().resolve(name).resolve("1.0"));
        Files.writeString(version.resolve("package.py"), "name = '" + name + "'\nversion = '1.0'\n");
        Files.writeString(version.resolve("file"), "content");
        CacheLayout cache = CacheLayout.of(lab.makeCache("cache-" + name));
        Map<String, String> variables = new HashMap<>(lab.environment(cache.root()));
        variables.put("REZ_PKG_CACHED_IDLE_TIMEOUT", "25 s");
        variables.putAll(more);
        without.forEach(variables::remove);
        Run run = Run.of(lab.folder(), variables, List.of(lab.rez().command("rez-env"), name, "--", "true"));
        assertEquals(0, run.status(), run::toString);
        try {
            Wait.until(LONG, name + " is cached",
                    () -> Run.of(lab.folder(), variables, List.of(command.toString(), cache.root().toString())).out()
                            .startsWith("cached "));
        } finally {
            Optional<ProcessHandle> daemon = StateFile.read(cache.daemonFile())
                    .flatMap(file -> ProcessHandle.of(((Number) file.get("pid")).longValue()));
            assertTrue(daemon.isPresent(), "our daemon");
            daemon.get().destroy();
            Wait.until(LONG, "the daemon has ended", () -> !daemon.get().isAlive());
        }
    }
}
