package io.rezpkgcached.settings;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * An entry of {@code packages_path}: a folder, or {@code <type>@<location>}.
 *
 * @param text as rez holds it after expansion; rez tells entries apart by this text
 * @param folder absolute, with {@code .} and {@code ..} worked out but symbolic links left; empty where the repository is not in the
 *        file system
 */
public record RepositoryPath(String text, Optional<Path> folder) {

    private static final String FILESYSTEM = "filesystem";

    public RepositoryPath {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(folder, "folder");
    }

    static RepositoryPath of(String text, Surroundings surroundings) throws BadValue {
        int at = text.indexOf('@');
        String type = at < 0 ? FILESYSTEM : text.substring(0, at);
        if (!type.equals(FILESYSTEM)) {
            return new RepositoryPath(text, Optional.empty());
        }
        String absolute = PythonPath.absolute(text.substring(at + 1), surroundings.workingDirectory().toString());
        return new RepositoryPath(text, Optional.of(Plain.path(absolute, surroundings)));
    }
}
