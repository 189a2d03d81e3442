package io.rezpkgcached.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A home directory, a working directory and environment variables to read settings in. */
final class Place {

    private final Path root;
    private final Map<String, String> variables = new LinkedHashMap<>();
    private Machine machine = Machine
            .of(Map.of("platform", "linux", "arch", "x86_64", "os", "CentOS-7.9", "user", "ada",
                    "hostname", "box", "fqdn", "box.studio.example"));
    private Optional<Path> ownFile = Optional.empty();

    Place(Path root) throws IOException {
        this.root = root.toRealPath();
        Files.createDirectories(home());
        Files.createDirectories(work());
        variables.put("HOME", home().toString());
    }

    Path home() {
        return root.resolve("home");
    }

    Path work() {
        return root.resolve("work");
    }

    Place variable(String name, String value) {
        variables.put(name, value);
        return this;
    }

    Place machine(Machine other) {
        machine = other;
        return this;
    }

    /** Writes a file below the root; {@code ROOT} in its text is the root. */
    Place file(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text.replace("ROOT", root.toString()));
        return this;
    }

    Place own(String text) throws IOException {
        file("own.conf", text);
        ownFile = Optional.of(root.resolve("own.conf"));
        return this;
    }

    Path root() {
        return root;
    }

    Map<String, String> variables() {
        return variables;
    }

    Surroundings surroundings() {
        return new Surroundings(variables, Path.of("/nobody"), work(), machine);
    }

    Settings read() throws SettingsException {
        return SettingsReader.read(surroundings(), ownFile);
    }

    ResolveCacheSettings readResolveCache() throws SettingsException {
        return SettingsReader.readResolveCache(surroundings(), ownFile);
    }

    List<Effective> effective() throws SettingsException {
        return SettingsReader.effective(surroundings(), ownFile);
    }

    /** The problems without the root in them. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        SettingsReader.resolve(surroundings(), ownFile, _ -> true, problems);
        return problems.stream().map(problem -> problem.replace(root + "/", "")).toList();
    }

    /** One setting's value as text, or what is wrong with it. */
    String value(String name) {
        List<String> problems = new ArrayList<>();
        Resolution resolution = SettingsReader.resolve(surroundings(), ownFile, _ -> true, problems);
        if (problems.stream().anyMatch(problem -> problem.contains(": " + name + " "))) {
            return String.join("\n", problems).replace(root.toString(), "ROOT");
        }
        return resolution.effective().stream().filter(effective -> effective.name().equals(name))
                .map(Effective::value).findFirst().orElseThrow().replace(root.toString(), "ROOT");
    }
}
