package io.rezpkgcached.cache.copy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A folder of the copy, with what is in it. Filled by several threads, sorted and only read after that. */
final class DirectoryNode implements Node {
    private final Path name;
    private final Path source;
    private final Path target;
    private final Stat stat;
    private final List<Node> children = new ArrayList<>();

    /**
     * A folder.
     *
     * @param source real path: under another name than in the copy where a link was followed
     */
    DirectoryNode(Path name, Path source, Path target, Stat stat) {
        this.name = name;
        this.source = source;
        this.target = target;
        this.stat = stat;
    }

    @Override
    public Path name() {
        return name;
    }

    Path source() {
        return source;
    }

    @Override
    public Path target() {
        return target;
    }

    @Override
    public Stat stat() {
        return stat;
    }

    synchronized void add(List<Node> found) {
        children.addAll(found);
    }

    synchronized void sort() {
        children.sort(Comparator.comparing(Node::name));
    }

    /** By name once it is sorted. */
    synchronized List<Node> children() {
        return children;
    }
}
