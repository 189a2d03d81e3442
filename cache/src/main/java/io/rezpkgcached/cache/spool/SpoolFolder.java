package io.rezpkgcached.cache.spool;

import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.CacheWalk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A folder of requests.
 *
 * @param path     every name in it is a request
 * @param priority requests of a lower number are served first
 */
public record SpoolFolder(Path path, int priority) {
    /** Of what rez and people wait for. */
    public static final int ASKED = 0;

    /** Of what nobody waits for yet. */
    public static final int PREFETCH = 1;

    /** All folders of one cache, the most urgent first. */
    public static List<SpoolFolder> of(CacheLayout layout) {
        return List.of(new SpoolFolder(layout.pending(), ASKED), new SpoolFolder(layout.waiting(), ASKED),
                new SpoolFolder(layout.prefetch(), PREFETCH));
    }

    /** All that lies in them. */
    public static List<Path> files(CacheLayout layout) throws IOException {
        List<Path> files = new ArrayList<>();
        for (SpoolFolder folder : of(layout)) {
            files.addAll(CacheWalk.children(folder.path()));
        }
        return files;
    }

    /** Whether there is a name in any of them. */
    public static boolean areAnyFilled(CacheLayout layout) throws IOException {
        for (SpoolFolder folder : of(layout)) {
            if (!CacheWalk.children(folder.path(), 1).isEmpty()) {
                return true;
            }
        }
        return false;
    }
}
