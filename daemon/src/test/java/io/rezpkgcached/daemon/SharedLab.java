package io.rezpkgcached.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.Entry;
import io.rezpkgcached.cache.testing.Unprivileged;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A cache that a daemon with a user of its own shares with others, each of whom is a real user without a name. */
final class SharedLab {
    /** The daemon's. */
    static final int DAEMON = 64001;
    static final int ANA = 64002;
    static final int BOB = 64003;
    /** Who is in it may change the cache. */
    static final int ADMINS = 64010;

    private final Lab lab;
    private final Path runtime;

    private SharedLab(Lab lab, Path runtime) {
        this.lab = lab;
        this.runtime = runtime;
    }

    /** How a command of a user ended; its output has both streams. */
    record Ended(int status, String output) {
        boolean isGood() {
            return status == 0;
        }
    }

    static SharedLab in(Path folder, String... lines) throws IOException {
        Path root = folder.toRealPath();
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> all = new ArrayList<>(List.of("shared_cache = true", "admin_group = \"" + ADMINS + "\"",
                "repositories = [\"" + root.resolve("repository") + "\"]"));
        all.addAll(List.of(lines));
        Lab lab = Lab.in(root, all.toArray(String[]::new));
        Path runtime = Files.createDirectory(root.resolve("run"));
        for (Path path : List.of(lab.cache(), runtime)) {
            own(path, DAEMON);
        }
        return new SharedLab(lab, runtime);
    }

    static void own(Path path, int user) throws IOException {
        Files.setAttribute(path, "unix:uid", user);
        Files.setAttribute(path, "unix:gid", user);
    }

    Lab lab() {
        return lab;
    }

    Child start() throws Exception {
        return startAs(DAEMON).awaitStart();
    }

    Child startAs(int user) throws IOException {
        return startAs(user, List.of());
    }

    /** @param variables {@code NAME=VALUE} each */
    Child startAs(int user, List<String> variables) throws IOException {
        List<String> command = new ArrayList<>(List.of("env", "RUNTIME_DIRECTORY=" + runtime));
        command.addAll(variables);
        command.addAll(Unprivileged.command(user, user, Main.class, lab.words().toArray(String[]::new)));
        return Child.start(lab.root(), command);
    }

    /** Runs a line of shell. */
    Ended run(int user, String line) throws Exception {
        return run(user, user, line);
    }

    Ended run(int user, int group, String line) throws Exception {
        List<String> command = new ArrayList<>(Unprivileged.as(user, group));
        command.addAll(List.of("sh", "-c", line));
        return run(command);
    }

    private Ended run(List<String> command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).directory(lab.root().toFile());
        builder.environment().put("LC_ALL", "C.UTF-8");
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }

    /** Runs {@code main} of a class. */
    Ended run(int user, int group, Class<?> program, String... words) throws Exception {
        return run(Unprivileged.command(user, group, program, words));
    }

    /** Starts {@code main} of a class, as a user. */
    Child start(int user, Class<?> program, String... words) throws IOException {
        return Child.start(lab.root(), Unprivileged.command(user, user, program, words));
    }

    /** Requests a variant as rez does, with an umask of the user's. */
    void request(int user, String umask, Handle handle) throws Exception {
        Path file = lab.layout().pending().resolve(Lab.requestName(handle));
        Ended ended = run(user, "umask " + umask + "; printf %s '" + handle.toJson() + "' > " + file);
        assertEquals(new Ended(0, ""), ended);
    }

    Handle install(String name) throws IOException {
        return lab.install(name, 5, 1000);
    }

    Entry cached(Handle handle) throws Exception {
        Await.until(handle + " is cached", Await.LONG, lab::log, () -> lab.isCached(handle));
        return lab.find(handle).orElseThrow().entry();
    }

    static String mode(Path path) throws IOException {
        return "%04o".formatted((int) Files.getAttribute(path, "unix:mode", java.nio.file.LinkOption.NOFOLLOW_LINKS)
                & 07777);
    }

    /** Modes by path, of a tree. */
    static Map<String, String> modes(Path tree) throws IOException {
        Map<String, String> modes = new java.util.TreeMap<>();
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                if (!Files.isSymbolicLink(path)) {
                    modes.put(tree.relativize(path).toString(), mode(path));
                }
            }
        }
        return modes;
    }
}
