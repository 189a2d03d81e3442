package io.rezpkgcached.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * What a package installs, read from staging folders that each stand for the root folder.
 *
 * <p>Modes and times are those of the staged files: the launchers go by the times. A path that two folders have must be a
 * folder in both. A folder comes before what is in it.
 */
record Tree(List<Entry> entries) {
    private static final int MODE_BITS = 07777;

    Tree {
        entries = List.copyOf(entries);
    }

    static Tree of(List<Path> roots) throws IOException {
        TreeMap<String, Entry> entries = new TreeMap<>();
        for (Path root : roots) {
            try (var files = Files.walk(root)) {
                for (Path file : files.filter(found -> !found.equals(root)).toList()) {
                    Entry entry = entry(root.relativize(file).toString(), file);
                    Entry former = entries.put(entry.path(), entry);
                    if (former != null && !(former instanceof Entry.Folder && entry instanceof Entry.Folder)) {
                        throw new IOException("staged twice: " + entry.path());
                    }
                }
            }
        }
        return new Tree(List.copyOf(entries.values()));
    }

    /** The bytes of all files. */
    long size() throws IOException {
        long size = 0;
        for (Entry entry : entries) {
            if (entry instanceof Entry.Regular regular) {
                size += Files.size(regular.content());
            }
        }
        return size;
    }

    private static Entry entry(String path, Path file) throws IOException {
        var facts = Files.readAttributes(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        long seconds = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).to(TimeUnit.SECONDS);
        int mode = (Integer) facts.get("mode") & MODE_BITS;
        if (Files.isSymbolicLink(file)) {
            return new Entry.Link(path, Files.readSymbolicLink(file).toString(), seconds);
        }
        return Files.isDirectory(file)
                ? new Entry.Folder(path, mode, seconds)
                : new Entry.Regular(path, mode, seconds, file);
    }
}
