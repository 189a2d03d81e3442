package io.rezpkgcached.cache.copy;

import io.rezpkgcached.cache.posix.PosixException;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** Collects the warnings of a copy from all its threads, bounded: a file system without attributes refuses one for every file. */
final class Warnings {
    private static final int MOST = 100;

    private final Map<String, Refused> refused = new ConcurrentSkipListMap<>();

    /** Attributes of one name that the target refused for one reason. */
    private record Refused(String example, long count) {
        Refused more() {
            return new Refused(example, count + 1);
        }
    }

    /** The target's file system did not take an attribute. */
    void attributeRefused(String name, Path source, PosixException why) {
        refused.merge(name + " " + why.errno(), new Refused(source + ": not copied: " + why.getMessage(), 1),
                (old, added) -> old.more());
    }

    /** All warnings, those about links first. */
    List<String> with(List<String> links) {
        List<String> all = new ArrayList<>(links.subList(0, Math.min(MOST, links.size())));
        if (links.size() > MOST) {
            all.add((links.size() - MOST) + " more warnings about links");
        }
        for (Refused one : refused.values()) {
            all.add(one.count() == 1 ? one.example() : one.example() + " (and so for " + (one.count() - 1) + " more)");
        }
        return all;
    }
}
