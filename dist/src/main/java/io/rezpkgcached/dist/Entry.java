package io.rezpkgcached.dist;

import java.nio.file.Path;

/** One thing that a package installs, owned by root; its path is relative to the root folder, its time in whole seconds. */
sealed interface Entry {
    String path();

    long seconds();

    /** A folder. */
    record Folder(String path, int mode, long seconds) implements Entry {}

    /** A regular file, and where its content is. */
    record Regular(String path, int mode, long seconds, Path content) implements Entry {
        /** Whether it is kept as the administrator changed it. */
        boolean isConfiguration() {
            return path.startsWith("etc/");
        }
    }

    /** A symbolic link. */
    record Link(String path, String target, long seconds) implements Entry {}
}
