package io.rezpkgcached.cache.copy;

import java.nio.file.Path;

/**
 * A symbolic link of the copy.
 *
 * @param text what the copy's link says
 */
record LinkNode(DirectoryNode parent, Path name, Path text, Stat stat) implements Node {
    @Override
    public Path target() {
        return parent.target().resolve(name);
    }
}
