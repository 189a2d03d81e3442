package io.rezpkgcached.cache.copy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is to be done to turn a copy of one manifest into a copy of another.
 *
 * @param gone to be deleted, folders after what is in them
 * @param directories to be made, folders before what is in them
 * @param files to be copied, one name of each file
 * @param names more names of those files
 * @param links to be made
 */
record Changes(List<Node> gone, List<DirectoryNode> directories, List<FileNode> files, List<HardLink> names,
        List<LinkNode> links) {

    /** One more name of a file. */
    record HardLink(FileNode first, FileNode other) {}

    /** Everything. */
    static Changes all(Manifest manifest) {
        return of(List.of(), manifest.directories(), manifest.files(), manifest.links());
    }

    /**
     * The difference.
     *
     * @param missed files of the old manifest that the copy does not have as they were then
     */
    static Changes between(Manifest old, Manifest now, Set<FileNode> missed) {
        Comparison comparison = new Comparison(missed);
        comparison.compare(old.root().children(), now.root().children());
        return of(comparison.gone, comparison.directories, withOtherNames(now.files(), comparison.files),
                comparison.links);
    }

    boolean isEmpty() {
        return gone.isEmpty() && directories.isEmpty() && files.isEmpty() && names.isEmpty() && links.isEmpty();
    }

    /** A path that changed, for a message. */
    String example() {
        return List.<Collection<? extends Node>>of(gone, directories, files, links).stream()
                .flatMap(Collection::stream).findFirst().map(node -> node.target().toString()).orElse("nothing");
    }

    /** Bytes that will be written. */
    long bytes() {
        return files.stream().mapToLong(file -> file.stat().size()).sum();
    }

    private static Changes of(List<Node> gone, List<DirectoryNode> directories, List<FileNode> files,
            List<LinkNode> links) {
        Map<Stat.Inode, FileNode> first = new HashMap<>();
        List<FileNode> copied = new ArrayList<>(files.size());
        List<HardLink> names = new ArrayList<>();
        for (FileNode file : files) {
            FileNode other = file.mayBeShared() ? first.putIfAbsent(file.stat().identity(), file) : null;
            if (other == null) {
                copied.add(file);
            } else {
                names.add(new HardLink(other, file));
            }
        }
        return new Changes(gone, directories, copied, names, links);
    }

    /** When one name of a file is copied again, so are the others: they would stay names of the old copy. */
    private static List<FileNode> withOtherNames(List<FileNode> all, Set<FileNode> changed) {
        Set<Stat.Inode> shared = new HashSet<>();
        changed.stream().filter(FileNode::mayBeShared).forEach(file -> shared.add(file.stat().identity()));
        return changed.isEmpty()
                ? List.of()
                : all.stream().filter(file -> changed.contains(file)
                        || (file.mayBeShared() && shared.contains(file.stat().identity()))).toList();
    }

    private static final class Comparison {
        private final Set<FileNode> missed;
        private final List<Node> gone = new ArrayList<>();
        private final List<DirectoryNode> directories = new ArrayList<>();
        private final Set<FileNode> files = new HashSet<>();
        private final List<LinkNode> links = new ArrayList<>();

        Comparison(Set<FileNode> missed) {
            this.missed = missed;
        }

        /** Merges two lists in the order of names. */
        void compare(List<Node> old, List<Node> now) {
            int i = 0;
            int j = 0;
            while (i < old.size() || j < now.size()) {
                int order = i == old.size()
                        ? 1
                        : j == now.size() ? -1 : old.get(i).name().compareTo(now.get(j).name());
                if (order < 0) {
                    remove(old.get(i++));
                } else if (order > 0) {
                    add(now.get(j++));
                } else {
                    compare(old.get(i++), now.get(j++));
                }
            }
        }

        private void compare(Node old, Node now) {
            switch (now) {
                case DirectoryNode directory when old instanceof DirectoryNode before ->
                    compare(before.children(), directory.children());
                case FileNode file when old instanceof FileNode before -> {
                    if (!file.stat().isSame(before.stat()) || missed.contains(before)) {
                        files.add(file);
                    }
                }
                case LinkNode link when old instanceof LinkNode before -> {
                    if (!link.text().equals(before.text()) || !link.stat().isSame(before.stat())) {
                        links.add(link);
                    }
                }
                default -> {
                    remove(old);
                    add(now);
                }
            }
        }

        private void remove(Node node) {
            if (node instanceof DirectoryNode directory) {
                directory.children().forEach(this::remove);
            }
            gone.add(node);
        }

        private void add(Node node) {
            switch (node) {
                case FileNode file -> files.add(file);
                case LinkNode link -> links.add(link);
                case DirectoryNode directory -> {
                    directories.add(directory);
                    directory.children().forEach(this::add);
                }
            }
        }
    }
}
