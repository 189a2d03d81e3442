package io.rezpkgcached.cache.testing;

import io.rezpkgcached.cache.posix.Posix;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.apache.commons.io.file.PathUtils;

/**
 * Runs a program of the tests in a JVM of its own, as a user without privileges: uid 65534 where the tests run as root, else the user that they
 * run as.
 */
public final class Unprivileged {
    private static final int NOBODY = 65534;
    private static final boolean ROOT = Posix.geteuid() == 0;

    private Unprivileged() {}

    /** How a program ended; its output has both streams. */
    public record Outcome(int exitCode, String output) {}

    /** Runs {@code main} of a class and waits for it. */
    public static Outcome run(Class<?> program, String... arguments) throws IOException, InterruptedException {
        return run(program, Map.of(), arguments);
    }

    /** The same with more in its environment. */
    public static Outcome run(Class<?> program, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command(NOBODY, NOBODY, program, arguments))
                .redirectErrorStream(true).directory(new File("/"));
        builder.environment().putAll(environment);
        builder.environment().put("LANG", "C.UTF-8");
        builder.environment().put("LC_ALL", "C.UTF-8");
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), output);
    }

    /** What runs a command as another user, who is in one group alone; as the user of the tests where that is not root. */
    public static List<String> as(int user, int group) {
        return ROOT
                ? List.of("setpriv", "--reuid=" + user, "--regid=" + group, "--clear-groups")
                : List.of();
    }

    /** The command that runs {@code main} of a class as another user. */
    public static List<String> command(int user, int group, Class<?> program, String... arguments) {
        List<String> command = new ArrayList<>(as(user, group));
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m",
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", "-cp",
                Holder.CLASS_PATH, program.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Gives a tree to the user of {@link #run}, so that programs can work in it; links are not followed. */
    public static void own(Path tree) throws IOException {
        if (!ROOT) {
            return;
        }
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                Files.setAttribute(path, "unix:uid", NOBODY, LinkOption.NOFOLLOW_LINKS);
                Files.setAttribute(path, "unix:gid", NOBODY, LinkOption.NOFOLLOW_LINKS);
            }
        }
    }

    private static final class Holder {
        static final String CLASS_PATH = readableClassPath();

        private static String readableClassPath() {
            // Surefire starts the tests with a jar that only names the others.
            String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
            if (!ROOT) {
                return classPath;
            }
            try {
                return copied(classPath);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** The checkout may lie where only its owner can go. */
        private static String copied(String classPath) throws IOException {
            Path folder = Files.createTempDirectory("unprivileged-classes");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder), "delete-" + folder.getFileName()));
            List<String> entries = new ArrayList<>();
            for (String entry : classPath.split(File.pathSeparator, -1)) {
                Path source = Path.of(entry);
                if (Files.exists(source)) {
                    Path target = folder.resolve(entries.size() + "-" + source.getFileName());
                    if (Files.isDirectory(source)) {
                        PathUtils.copyDirectory(source, target);
                    } else {
                        Files.copy(source, target);
                    }
                    entries.add(target.toString());
                }
            }
            try (Stream<Path> paths = Files.walk(folder)) {
                for (Path path : (Iterable<Path>) paths::iterator) {
                    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
                }
            }
            return String.join(File.pathSeparator, entries);
        }

        private static void delete(Path folder) {
            try {
                PathUtils.deleteDirectory(folder);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
