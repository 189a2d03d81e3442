package io.rezpkgcached.cache.copy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a payload held when it was looked at, in the order of names, folders before what is in them.
 *
 * @param root the payload itself, not among the directories
 * @param warnings about links
 */
record Manifest(DirectoryNode root, List<DirectoryNode> directories, List<FileNode> files, List<LinkNode> links,
        Instant newest, List<String> warnings) {

    /** Sorts a finished tree and lists it. */
    static Manifest of(DirectoryNode root, List<String> warnings) {
        Lister lister = new Lister(root.stat().changed());
        lister.visit(root);
        return new Manifest(root, lister.directories, lister.files, lister.links, lister.newest,
                warnings.stream().sorted().toList());
    }

    private static final class Lister {
        private final List<DirectoryNode> directories = new ArrayList<>();
        private final List<FileNode> files = new ArrayList<>();
        private final List<LinkNode> links = new ArrayList<>();
        private Instant newest;

        Lister(Instant newest) {
            this.newest = newest;
        }

        void visit(DirectoryNode directory) {
            directory.sort();
            for (Node node : directory.children()) {
                if (node.stat().changed().isAfter(newest)) {
                    newest = node.stat().changed();
                }
                switch (node) {
                    case FileNode file -> files.add(file);
                    case LinkNode link -> links.add(link);
                    case DirectoryNode child -> {
                        directories.add(child);
                        visit(child);
                    }
                }
            }
        }
    }
}
