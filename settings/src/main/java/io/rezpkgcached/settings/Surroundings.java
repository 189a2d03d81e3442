package io.rezpkgcached.settings;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * All that decides about settings beside the files themselves.
 *
 * @param variables the environment variables
 * @param accountHome the home directory that the system's user database gives, used where {@code HOME} is not set
 * @param workingDirectory absolute; relative paths start here
 */
public record Surroundings(Map<String, String> variables, Path accountHome, Path workingDirectory, Machine machine) {

    public Surroundings {
        variables = Map.copyOf(variables);
        Objects.requireNonNull(accountHome, "accountHome");
        Objects.requireNonNull(machine, "machine");
        if (!workingDirectory.isAbsolute()) {
            throw new IllegalArgumentException("not absolute: " + workingDirectory);
        }
    }

    /** Those of this process. */
    public static Surroundings ofProcess() {
        return new Surroundings(System.getenv(), Path.of(System.getProperty("user.home")),
                Path.of(System.getProperty("user.dir")), Machine.local());
    }

    /** What {@code ~} stands for. */
    String home() {
        String home = variables.getOrDefault("HOME", accountHome.toString());
        int end = home.length();
        while (end > 0 && home.charAt(end - 1) == '/') {
            end--;
        }
        return end == 0 ? "/" : home.substring(0, end);
    }

    Path resolved(String path) {
        return workingDirectory.resolve(path);
    }
}
