package io.rezpkgcached.cache.add;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.testing.TestCache;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A real rez, whose folder of commands REZ_BIN names, that answers questions about a cache with its own code. */
final class RezProcess implements AutoCloseable {
    private static final String PROGRAM = """
            import json, sys
            from rez.package_cache import PackageCache
            from rez.packages import get_variant
            cache = PackageCache(sys.argv[1])
            words = {v: k for k, v in vars(PackageCache).items() if k.startswith("VARIANT_")}
            for line in sys.stdin:
                command, _, handle = line.strip().partition(" ")
                try:
                    variant = get_variant(json.loads(handle)) if handle else None
                    if command == "list":
                        answer = "\\n".join(sorted(" ".join((v.uri, p, words[s])) for v, p, s in cache.get_variants()))
                    elif command == "clean":
                        answer = str(cache.clean())
                    elif command == "status":
                        answer = words[cache._get_cached_root(variant)[0]]
                    elif command == "root":
                        answer = str(cache.get_cached_root(variant))
                    elif command == "remove":
                        answer = words[cache.remove_variant(variant)]
                    elif command == "add":
                        answer = words[cache.add_variant(variant)[1]]
                except Exception as e:
                    answer = type(e).__name__ + ": " + str(e)
                print(answer.replace("\\n", "|"), flush=True)
            """;

    private final Process process;
    private final BufferedWriter commands;
    private final BufferedReader answers;

    /** Settings are in rez's form, by the names of rez's variables; those not given allow everything. */
    RezProcess(TestCache cache, Map<String, String> settings) throws IOException {
        String bin = System.getenv("REZ_BIN");
        assertNotNull(bin, "REZ_BIN must name the folder that holds rez-python");
        Path home = Files.createDirectories(cache.folder().resolve("home"));
        ProcessBuilder builder = new ProcessBuilder(bin + "/rez-python", "-c", PROGRAM,
                cache.layout().root().toString()).redirectError(ProcessBuilder.Redirect.DISCARD);
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("REZ_"));
        environment.putAll(Map.of("HOME", home.toString(), "REZ_TMPDIR", "/nowhere", "REZ_PACKAGES_PATH",
                cache.repository().toString(), "REZ_LOCAL_PACKAGES_PATH", home + "/packages", "REZ_DEFAULT_CACHABLE",
                "1", "REZ_PACKAGE_CACHE_LOCAL", "1", "REZ_PACKAGE_CACHE_SAME_DEVICE", "1",
                "REZ_PACKAGE_CACHE_SPACE_BUFFER", "0", "REZ_PACKAGE_CACHE_USED_THRESHOLD", "100"));
        environment.putAll(settings);
        process = builder.start();
        commands = process.outputWriter();
        answers = process.inputReader();
    }

    String ask(String command) throws IOException {
        commands.write(command);
        commands.newLine();
        commands.flush();
        return answers.readLine();
    }

    String ask(String command, Handle handle) throws IOException {
        return ask(command + " " + handle.toJson());
    }

    /** It ends where its input does; at a signal, rez's commands would kill all of their process group, and us. */
    @Override
    public void close() throws IOException {
        commands.close();
        process.onExit().join();
    }
}
