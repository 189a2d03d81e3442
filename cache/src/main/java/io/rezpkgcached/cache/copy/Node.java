package io.rezpkgcached.cache.copy;

import java.nio.file.Path;

/** One name that a copy has. Ten thousands of these are held at once, so each keeps its own name and finds the rest through its folder. */
sealed interface Node permits DirectoryNode, FileNode, LinkNode {
    /** The last part of its path. */
    Path name();

    /** Where it stands, or will, in the copy. */
    Path target();

    Stat stat();
}
