package io.rezpkgcached.settings;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** rez's own configuration files: which there are, and what they say together about the settings that are asked for. */
final class RezFiles {

    private static final Set<String> TRUE = Set.of("1", "t", "true");

    private final Surroundings surroundings;
    private final Set<String> names;
    private final List<String> problems;

    RezFiles(Surroundings surroundings, Set<String> names, List<String> problems) {
        this.surroundings = surroundings;
        this.names = names;
        this.problems = problems;
    }

    Layer over(Layer defaults) {
        Layer merged = defaults;
        for (String path : searched()) {
            Optional<Path> python = file(PythonPath.withoutSuffix(path) + ".py");
            Optional<Path> yaml = file(path);
            if (python.isPresent()) {
                merged = merged.with(read(python.get(), new PythonFile(names)));
            } else if (yaml.isPresent()) {
                // A name that ends in .py gets here only where that file does not exist, so this one does not either.
                merged = merged.with(read(yaml.get(), new YamlFile(names)));
            }
        }
        return merged;
    }

    private List<String> searched() {
        List<String> paths = new ArrayList<>();
        String listed = surroundings.variables().getOrDefault("REZ_CONFIG_FILE", "");
        if (!listed.isEmpty()) {
            paths.addAll(List.of(listed.split(":", -1)));
        }
        String disabled = surroundings.variables().getOrDefault("REZ_DISABLE_HOME_CONFIG", "");
        if (!TRUE.contains(disabled.toLowerCase(Locale.ROOT))) {
            String home = surroundings.home();
            paths.add((home.equals("/") ? "" : home) + "/.rezconfig");
        }
        return paths;
    }

    private Optional<Path> file(String path) {
        try {
            // Without lambdas, some of which are made at run time, in milliseconds that a command does not have.
            return !path.isEmpty() && Files.isRegularFile(surroundings.resolved(path))
                    ? Optional.of(surroundings.resolved(path))
                    : Optional.empty();
        } catch (InvalidPathException e) {
            // No file can have such a name; rez ignores it as it does any that is not there.
            return Optional.empty();
        }
    }

    private Layer read(Path file, FileFormat format) {
        try {
            return format.read(file, Files.readString(file, StandardCharsets.UTF_8));
        } catch (BadValue e) {
            problems.add(file + ":" + e.getMessage());
        } catch (CharacterCodingException e) {
            problems.add(file + ": is not UTF-8; rez does not start with it either");
        } catch (IOException e) {
            problems.add(file + ": cannot be read (" + e + "); make it readable for this user");
        }
        return Layer.EMPTY;
    }
}
