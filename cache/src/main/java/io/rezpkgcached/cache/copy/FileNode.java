package io.rezpkgcached.cache.copy;

import java.nio.file.Path;

/**
 * A regular file of the copy.
 *
 * @param from its name, or an absolute path where a link to it was followed
 */
record FileNode(DirectoryNode parent, Path name, Path from, Stat stat) implements Node {
    Path source() {
        return parent.source().resolve(from);
    }

    @Override
    public Path target() {
        return parent.target().resolve(name);
    }

    /** Whether another name of the same file may be in the payload. */
    boolean mayBeShared() {
        return stat.names() > 1;
    }
}
