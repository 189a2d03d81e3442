package io.rezpkgcached.cache.copy;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A tree that is copied as a whole: the payload, or a folder elsewhere that stands in the copy where a link to it was.
 *
 * @param real where it is
 * @param target where it goes
 * @param way real paths of the folders that held the links through which it was reached, outermost first
 */
record Mount(Path real, Path target, List<Path> way) {
    Mount {
        way = List.copyOf(way);
    }

    /** The tree at the end of a link. */
    Mount followed(DirectoryNode holder, Path end, Path place) {
        return new Mount(end, place, wayThrough(holder));
    }

    List<Path> wayThrough(DirectoryNode holder) {
        return Stream.concat(way.stream(), Stream.of(holder.source())).toList();
    }
}
