package io.rezpkgcached.cache.layout;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.handle.Increment;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What one hash directory held when it was read, entry by entry, also those of which only a part is there.
 *
 * @param parts one for each increment of which anything exists
 */
public record HashDirectory(Path path, List<Part> parts) {
    public HashDirectory {
        parts = List.copyOf(parts);
    }

    /**
     * What exists of an entry.
     *
     * @param handle what the index names; empty if there is no index, or it is not readable as one
     */
    public record Part(Entry entry, boolean hasIndex, Optional<Handle> handle, boolean hasPayload, boolean hasMarker) {
        /**
         * Whether no process leaves it so when it releases the lock: index and marker are made and removed together
         * under it, and a payload never outlives its index.
         */
        public boolean isBroken() {
            return !hasIndex || handle.isEmpty() || (!hasPayload && !hasMarker);
        }
    }

    public static HashDirectory read(Path path) throws IOException {
        Set<String> names = new HashSet<>();
        Set<String> increments = new TreeSet<>();
        for (Path child : CacheWalk.children(path)) {
            String name = child.getFileName().toString();
            names.add(name);
            incrementOf(name).ifPresent(increments::add);
        }
        List<Part> parts = new ArrayList<>();
        for (String increment : increments) {
            Entry entry = new Entry(path, increment);
            boolean hasIndex = names.contains(increment + Entry.INDEX_SUFFIX);
            parts.add(new Part(entry, hasIndex, hasIndex ? handle(entry) : Optional.empty(), names.contains(increment),
                    names.contains(Entry.MARKER_PREFIX + increment)));
        }
        return new HashDirectory(path, parts);
    }

    private static Optional<String> incrementOf(String name) {
        String increment = name;
        if (name.startsWith(Entry.MARKER_PREFIX)) {
            increment = name.substring(Entry.MARKER_PREFIX.length());
        } else if (name.endsWith(Entry.INDEX_SUFFIX)) {
            increment = name.substring(0, name.length() - Entry.INDEX_SUFFIX.length());
        }
        return Increment.isIncrement(increment) ? Optional.of(increment) : Optional.empty();
    }

    private static Optional<Handle> handle(Entry entry) throws IOException {
        try {
            return IndexFile.read(entry.index());
        } catch (NoSuchFileException _) {
            return Optional.empty(); // removed since; who acts on it looks again under the lock
        }
    }
}
