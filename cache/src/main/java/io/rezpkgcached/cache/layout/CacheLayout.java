package io.rezpkgcached.cache.layout;

import io.rezpkgcached.cache.handle.Handle;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;

/**
 * Names every path of one package cache; no other class builds one. The names of rez's files are those of rez 3.4.0
 * ({@code package_cache.py}); ours all lie below {@code .sys/rez-pkg-cached}, at which rez never looks, but for
 * {@link #requestBeingWritten}.
 */
public final class CacheLayout {
    private static final String BEING_WRITTEN = ".request-";

    private final Path root;
    private final Path sys;
    private final Path ours;

    private CacheLayout(Path root) {
        this.root = root;
        this.sys = root.resolve(".sys");
        this.ours = sys.resolve("rez-pkg-cached");
    }

    /**
     * The layout of the cache at an existing directory.
     *
     * @throws NotDirectoryException if there is no directory at {@code root}
     */
    public static CacheLayout of(Path root) throws NotDirectoryException {
        if (!Files.isDirectory(root)) {
            throw new NotDirectoryException(root.toString());
        }
        return new CacheLayout(root.toAbsolutePath().normalize());
    }

    public Path root() {
        return root;
    }

    /** rez's folder for internal use; its lock lies directly in it. */
    public Path sys() {
        return sys;
    }

    /** rez's spool: one file for each request. */
    public Path pending() {
        return sys.resolve("pending");
    }

    /** Removed payloads that wait to be purged. */
    public Path toDelete() {
        return sys.resolve("to_delete");
    }

    public Path log() {
        return sys.resolve("log");
    }

    /** rez's lock: a hard link while somebody holds it. */
    public Path lock() {
        return sys.resolve(".lock.lock");
    }

    /** The folder of everything that is ours. */
    public Path ours() {
        return ours;
    }

    /** The number of the format of {@link #ours()}. */
    public Path format() {
        return ours.resolve("format");
    }

    /** Which daemon serves this cache: pid, version, since when. Readable by all. */
    public Path daemonFile() {
        return ours.resolve("daemon.json");
    }

    /** Held with flock(2) by the daemon that serves this cache. */
    public Path daemonLock() {
        return ours.resolve("lock");
    }

    /** Says that all users of the machine share the cache. Readable by all. */
    public Path sharedMark() {
        return ours.resolve("shared");
    }

    /**
     * Requests that the daemon of a shared cache has read and does not serve yet. rez in sync mode takes every name in the spool, and
     * ends where it may not delete one.
     */
    public Path waiting() {
        return ours.resolve("waiting");
    }

    /** Where requests lie that somebody waits for: the spool, and those that were taken out of it to wait. */
    public List<Path> requests() {
        return List.of(pending(), waiting());
    }

    /** Requests that nobody waits for: they are served while there is no other, and rez does not see them. */
    public Path prefetch() {
        return ours.resolve("prefetch");
    }

    /** Copies that are not yet complete, one folder each. */
    public Path staging() {
        return ours.resolve("staging");
    }

    /** Requests being written, to be linked complete into the spool. */
    public Path incoming() {
        return ours.resolve("incoming");
    }

    /**
     * A request that is being written by a user who may not write to {@link #incoming()}. It lies beside rez's lock, where
     * every user of rez can write, and which rez does not list.
     */
    public Path requestBeingWritten(String unique) {
        return sys.resolve(BEING_WRITTEN + unique);
    }

    /** Whether a name in {@link #sys()} is such a request's. */
    static boolean isRequestBeingWritten(Path path) {
        return path.getFileName().toString().startsWith(BEING_WRITTEN);
    }

    /** What the last listing found. */
    public Path listing() {
        return ours.resolve("listing");
    }

    /** Requests that were refused, with their reasons. */
    public Path refused() {
        return ours.resolve("refused");
    }

    /** Requests that were given up, with their reasons. */
    public Path failed() {
        return ours.resolve("failed");
    }

    /** Requests that wait for another try: how many there were and when the next one is due. */
    public Path deferred() {
        return ours.resolve("deferred");
    }

    /** What is known of each copied payload. */
    public Path records() {
        return ours.resolve("records");
    }

    /** The directory of all variants whose handles have the same name, version and first four digits of the hash. */
    public Path hashDirectory(Handle handle) {
        return versionDirectory(handle).resolve(handle.hashDirectory());
    }

    /** The directory of all variants of one version of a package. */
    public Path versionDirectory(Handle handle) {
        return root.resolve(handle.name()).resolve(handle.versionDirectory());
    }

    @Override
    public String toString() {
        return root.toString();
    }
}
