package io.rezpkgcached.cache.layout;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Finds the hash directories of a cache: {@code <package>/<version>/<hash>}. */
public final class CacheWalk {
    private CacheWalk() {}

    /** The package directories, sorted by name; names that start with a dot are internal. */
    public static List<Path> packages(CacheLayout layout) throws IOException {
        List<Path> packages = new ArrayList<>();
        for (Path path : sorted(layout.root())) {
            if (!path.getFileName().toString().startsWith(".")) {
                packages.add(path);
            }
        }
        return packages;
    }

    /** The paths in a directory, as {@link #children}, sorted as text with a slash at the end of each. */
    public static List<Path> sorted(Path directory) throws IOException {
        List<Path> children = children(directory);
        if (children.size() < 2) {
            return children;
        }
        List<Named> named = new ArrayList<>();
        for (Path child : children) {
            named.add(new Named(child.getFileName().toString().concat("/"), child));
        }
        named.sort(CacheWalk::compare);
        List<Path> sorted = new ArrayList<>();
        for (Named each : named) {
            sorted.add(each.path());
        }
        return sorted;
    }

    private record Named(String name, Path path) {}

    private static int compare(Named one, Named other) {
        return one.name().compareTo(other.name());
    }

    /** The hash directories of one package, version by version. */
    public static List<Path> hashDirectories(Path packageDirectory) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path version : sorted(packageDirectory)) {
            found.addAll(sorted(version));
        }
        return found;
    }

    /** The hash directories of all packages. */
    public static List<Path> hashDirectories(CacheLayout layout) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path name : packages(layout)) {
            found.addAll(hashDirectories(name));
        }
        return found;
    }

    /** What lies in the spool, and what was taken out of it to wait. */
    public static List<Path> requests(CacheLayout layout) throws IOException {
        List<Path> requests = new ArrayList<>();
        for (Path folder : layout.requests()) {
            requests.addAll(children(folder));
        }
        return requests;
    }

    /** The paths in a directory; none if it has gone or is none. */
    public static List<Path> children(Path directory) throws IOException {
        return children(directory, Integer.MAX_VALUE);
    }

    /** The same, but no more than so many, whichever come first: others may fill a directory. */
    public static List<Path> children(Path directory, int most) throws IOException {
        List<Path> children = new ArrayList<>();
        try {
            // To open a FIFO would wait for a writer, for ever.
            if (!Files.readAttributes(directory, BasicFileAttributes.class).isDirectory()) {
                return children;
            }
        } catch (NoSuchFileException _) {
            return children;
        }
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(directory)) {
            for (Iterator<Path> each = paths.iterator(); children.size() < most && each.hasNext();) {
                children.add(each.next());
            }
        } catch (NoSuchFileException | NotDirectoryException _) {
            return new ArrayList<>();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return children;
    }
}
