package io.rezpkgcached.resolve.key;

import io.rezpkgcached.cache.python.PythonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A repository as rez sees it: where it really is, and when its packages were last released. Looks at the disk each time.
 *
 * @param location its real path
 */
public record RepositoryFolder(Path location) {
    private static final int MOST_LINKS = 40;
    private static final double NANOSECOND = 1e-9;
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

    /** Whether rez takes a text for the name of a package: letters, digits and underscores, with single dots between them. */
    public static boolean isName(String name) {
        boolean isDotAllowed = false;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean isOfWord = isBetween('a', c, 'z') || isBetween('A', c, 'Z') || isBetween('0', c, '9') || c == '_';
            if (!isOfWord && !(c == '.' && isDotAllowed)) {
                return false;
            }
            isDotAllowed = isOfWord;
        }
        return isDotAllowed && !name.equals("__pycache__");
    }

    private static boolean isBetween(char first, char c, char last) {
        return first <= c && c <= last;
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
        Optional<BasicFileAttributes> folder = attributes(name);
        return folder.isPresent() && folder.get().isDirectory()
                ? OptionalDouble.of(time(folder.get()))
                : fileTime(name);
    }

    /** The time of a definition's file, without its suffix; empty where there is none. */
    private OptionalDouble fileTime(String file) {
        for (String suffix : SUFFIXES) {
            Optional<BasicFileAttributes> found = attributes(file + suffix);
            if (found.isPresent() && found.get().isRegularFile()) {
                return OptionalDouble.of(time(found.get()));
            }
        }
        return OptionalDouble.empty();
    }

    /** The time of a package's definition; empty where there is none. */
    public OptionalDouble definitionTime(String name, Optional<String> version) {
        return fileTime(name + version.map(text -> "/" + text).orElse("") + "/package");
    }

    /** The time of the file that holds all versions of a package; empty where it is not there. */
    public OptionalDouble combinedTime(String name, String suffix) {
        Optional<BasicFileAttributes> file = attributes(name + "." + suffix);
        return file.isPresent() ? OptionalDouble.of(time(file.get())) : OptionalDouble.empty();
    }

    /** Of thousands of files, of which many are not there: so no path is put together in steps, and no exception made. */
    private Optional<BasicFileAttributes> attributes(String file) {
        try {
            return Optional.ofNullable(location.getFileSystem().provider().readAttributesIfExists(
                    Path.of(location + "/" + file), BasicFileAttributes.class));
        } catch (IOException | InvalidPathException _) {
            return Optional.empty();
        }
    }

    /** Python's {@code st_mtime}: it is this arithmetic that makes two of them equal. */
    private static double time(BasicFileAttributes attributes) {
        Instant time = attributes.lastModifiedTime().toInstant();
        return time.getEpochSecond() + NANOSECOND * time.getNano();
    }
}
