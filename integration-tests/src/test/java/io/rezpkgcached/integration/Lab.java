package io.rezpkgcached.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A folder in which a real rez and our daemon meet: a repository, a folder of local packages, any number of caches, and an environment that is
 * the same for both, with nothing of the user's. It lies below the build's own folder, because rez caches nothing from below its {@code tmpdir}.
 */
final class Lab {
    static final String PATH = "/usr/local/bin:/usr/bin:/bin";
    private static final Duration INSTALL_WITHIN = Duration.ofMinutes(5);

    private final Path folder;
    private final Rez rez;

    private Lab(Path folder, Rez rez) {
        this.folder = folder;
        this.rez = rez;
    }

    /** A new one, in place of what an earlier run left under that name. */
    static Lab make(String name) throws IOException, InterruptedException {
        Path folder = Path.of(System.getProperty("project.folder"), "integration-tests/target/lab", name)
                .toAbsolutePath();
        Trees.remove(folder);
        Lab lab = new Lab(Files.createDirectories(folder).toRealPath(), Rez.real());
        for (String part : List.of("packages", "local", "home", "tmp")) {
            Files.createDirectories(lab.folder.resolve(part));
        }
        return lab;
    }

    /** The same with other commands of rez. */
    Lab with(Rez other) {
        return new Lab(folder, other);
    }

    Path folder() {
        return folder;
    }

    Rez rez() {
        return rez;
    }

    Path repository() {
        return folder.resolve("packages");
    }

    Path local() {
        return folder.resolve("local");
    }

    Path makeCache(String name) throws IOException {
        return Files.createDirectories(folder.resolve(name));
    }

    Map<String, String> environment(Path cache) {
        Map<String, String> environment = new HashMap<>();
        environment.put("PATH", PATH);
        environment.put("HOME", folder.resolve("home").toString());
        environment.put("LC_ALL", "C.UTF-8");
        environment.put("REZ_PKG_CACHED_JAVA_HOME", System.getProperty("java.home"));
        environment.put("REZ_DISABLE_HOME_CONFIG", "1");
        environment.put("REZ_PACKAGES_PATH", local() + ":" + repository());
        environment.put("REZ_LOCAL_PACKAGES_PATH", local().toString());
        environment.put("REZ_TMPDIR", folder.resolve("tmp").toString());
        environment.put("REZ_CACHE_PACKAGES_PATH", cache.toString());
        environment.put("REZ_DEFAULT_CACHABLE", "1");
        environment.put("REZ_PACKAGE_CACHE_SAME_DEVICE", "1");
        environment.put("REZ_PACKAGE_CACHE_USED_THRESHOLD", "100");
        environment.put("REZ_IMPLICIT_PACKAGES", "");
        // Links that leave a payload stay links, so that every tree equals its original.
        environment.put("REZ_PKG_CACHED_REPOSITORIES", repository() + ":" + local());
        return environment;
    }

    /** Runs one of rez's commands, which must succeed. */
    Run rez(Path cache, String command, String... arguments) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(rez.command(command)));
        words.addAll(List.of(arguments));
        Run run = Run.within(INSTALL_WITHIN, folder, environment(cache), words);
        assertEquals(0, run.status(), () -> words + ": " + run);
        return run;
    }

    /** Runs our client, which must succeed. */
    Run client(Path cache, String... arguments) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(Distribution.built().client().toString()));
        words.addAll(List.of(arguments));
        Run run = Run.of(folder, environment(cache), words);
        assertEquals(0, run.status(), () -> words + ": " + run);
        return run;
    }

    /**
     * Starts our daemon for a cache.
     *
     * @param more    what its environment has besides
     * @param options before the cache on its command line
     */
    DaemonProcess startDaemon(Path cache, Map<String, String> more, String... options)
            throws IOException, InterruptedException {
        Map<String, String> environment = environment(cache);
        environment.putAll(more);
        return DaemonProcess.start(cache, Path.of(cache + ".output"), environment, List.of(options));
    }

    /** A script of ours for {@code rez-python}. */
    Path script(String name) throws IOException {
        Path script = folder.resolve(name);
        if (!Files.exists(script)) {
            try (InputStream in = Lab.class.getResourceAsStream(name)) {
                Files.write(script, in.readAllBytes());
            }
        }
        return script;
    }

    /** A package to be installed: see {@code make_packages.py}. */
    record Wanted(String qualifiedName, boolean hashed, String variants, List<Path> payloads) {
        String line() {
            return String.join("\t", qualifiedName, hashed ? "hashed" : "", variants,
                    String.join(":", payloads.stream().map(Path::toString).toList()));
        }
    }

    /** Has rez install packages; the roots of all their variants by URI. */
    Map<String, Path> install(List<Wanted> packages) throws IOException, InterruptedException {
        Path specification = Files.write(folder.resolve("specification"),
                packages.stream().map(Wanted::line).toList());
        Run run = rez(folder.resolve("none"), "rez-python", script("make_packages.py").toString(),
                repository().toString(), specification.toString());
        Map<String, Path> roots = new TreeMap<>();
        for (String line : run.out().lines().toList()) {
            String[] fields = line.split("\t", -1);
            roots.put(fields[0], Path.of(fields[1]));
        }
        return roots;
    }

    /** What a context of these packages has in its environment. */
    Map<String, String> context(Path cache, List<String> packages) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(packages);
        arguments.addAll(List.of("-c", "printenv"));
        Run run = rez(cache, "rez-env", arguments.toArray(String[]::new));
        Map<String, String> variables = new TreeMap<>();
        for (String line : run.out().lines().toList()) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                variables.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        return variables;
    }

    /** rez's daemons, which contexts leave running, have ended. */
    void awaitRezDaemons(Path cache, Duration limit) throws IOException, InterruptedException {
        Wait.until(limit, "rez's daemons on " + cache + " ended", () -> rezDaemons(cache) == 0);
    }

    static long rezDaemons(Path cache) throws IOException {
        long found = 0;
        try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (commandLine(process).contains("rez-pkg-cache\0--daemon\0" + cache + "\0")) {
                    found++;
                }
            }
        }
        return found;
    }

    private static String commandLine(Path process) {
        try {
            return Files.readString(process.resolve("cmdline"));
        } catch (IOException _) {
            return ""; // it has just ended
        }
    }
}
