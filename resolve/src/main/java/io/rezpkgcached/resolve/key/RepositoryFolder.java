package io.rezpkgcached.resolve.key;

import io.rezpkgcached.cache.python.PythonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/**
 * A repository as rez sees it: where it really is, and when its packages were last released. Looks at the disk each time.
 *
 * @param location its real path
 */
public record RepositoryFolder(Path location) {
    private static final int MOST_LINKS = 40;
    private static final double NANOSECOND = 1e-9;
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_0-9](\\.?[a-zA-Z0-9_]+)*");
    private static final List<String> SUFFIXES = List.of(".py", ".yaml");

    /** The repository at an absolute path, which need not exist. */
    public static RepositoryFolder of(Path path) {
        return new RepositoryFolder(real(path.normalize(), MOST_LINKS));
    }

    /** Python's {@code realpath}: what is not there stays as it is. */
    private static Path real(Path path, int links) {
        try {
            return path.toRealPath();
        } catch (IOException _) {
            Path parent = path.getParent();
            if (parent == null || links == 0) {
                return path;
            }
            Path place = real(parent, links).resolve(path.getFileName());
            try {
                return Files.isSymbolicLink(place)
                        ? real(place.resolveSibling(Files.readSymbolicLink(place)).normalize(), links - 1)
                        : place;
            } catch (IOException _) {
                return place;
            }
        }
    }

    /** Whether rez takes a text for the name of a package. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches() && !name.equals("__pycache__");
    }

    /** rez's {@code uid}, as it stands in a key. */
    String uid() {
        String start = "('filesystem', " + PythonText.repr(location.toString());
        try {
            return start + ", " + Long.toUnsignedString((Long) Files.getAttribute(location, "unix:ino")) + ")";
        } catch (IOException _) {
            return start + ")";
        }
    }

    /** When the package was last released, 0 if that cannot be told; empty where it is not here. */
    public OptionalDouble lastRelease(String name) {
        if (!isName(name)) {
            return OptionalDouble.empty();
        }
        Optional<BasicFileAttributes> folder = attributes(location.resolve(name))
                .filter(BasicFileAttributes::isDirectory);
        if (folder.isPresent()) {
            return OptionalDouble.of(time(folder.get()));
        }
        return file(location, name);
    }

    /** The time of the definition of this name in a folder; empty where there is none. */
    private static OptionalDouble file(Path folder, String name) {
        for (String suffix : SUFFIXES) {
            Optional<BasicFileAttributes> file = attributes(folder.resolve(name + suffix))
                    .filter(BasicFileAttributes::isRegularFile);
            if (file.isPresent()) {
                return OptionalDouble.of(time(file.get()));
            }
        }
        return OptionalDouble.empty();
    }

    /** The time of a package's definition; empty where there is none. */
    public OptionalDouble definitionTime(String name, Optional<String> version) {
        Path folder = version.map(location.resolve(name)::resolve).orElse(location.resolve(name));
        return file(folder, "package");
    }

    /** The time of the file that holds all versions of a package; empty where it is not there. */
    public OptionalDouble combinedTime(String name, String suffix) {
        Optional<BasicFileAttributes> file = attributes(location.resolve(name + "." + suffix));
        return file.isPresent() ? OptionalDouble.of(time(file.get())) : OptionalDouble.empty();
    }

    private static Optional<BasicFileAttributes> attributes(Path path) {
        try {
            return Optional.of(Files.readAttributes(path, BasicFileAttributes.class));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /** Python's {@code st_mtime}: it is this arithmetic that makes two of them equal. */
    private static double time(BasicFileAttributes attributes) {
        Instant time = attributes.lastModifiedTime().toInstant();
        return time.getEpochSecond() + NANOSECOND * time.getNano();
    }
}
