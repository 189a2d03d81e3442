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
        String text = path.toString();
        String root = layout.root().toString();
        if (given.equals(root) || !path.startsWith(layout.root())) {
            return text;
        }
        String rest = text.substring(root.endsWith("/") ? root.length() : root.length() + 1);
        return given + (given.endsWith("/") ? "" : "/") + rest;
    }

    @Override
    public String toString() {
        return given;
    }
}
