package io.rezpkgcached.client;

import io.rezpkgcached.cache.layout.CacheLayout;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/**
 * A cache as somebody named it: rez shows it, and all that lies in it, with the words that it was given, relative or through a
 * link.
 */
record CacheName(String given, CacheLayout layout) {
    static CacheName of(String given) throws NotDirectoryException {
        Path path = Path.of(given);
        if (!Files.isDirectory(path)) {
            throw new NotDirectoryException(given);
        }
        return new CacheName(given, CacheLayout.of(path));
    }

    /** A path in the cache, joined to its name as Python's {@code os.path.join} does. */
    String shown(Path path) {
        return shown(path.toString());
    }

    /** The same of a path's text. */
    String shown(String path) {
        String root = layout.root().toString();
        String start = root.endsWith("/") ? root : root + "/";
        if (given.equals(root) || !path.startsWith(start)) {
            return path.equals(root) ? given : path;
        }
        return given + (given.endsWith("/") ? "" : "/") + path.substring(start.length());
    }

    @Override
    public String toString() {
        return given;
    }
}
