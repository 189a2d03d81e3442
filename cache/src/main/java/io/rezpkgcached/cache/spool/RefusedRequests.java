package io.rezpkgcached.cache.spool;

import io.rezpkgcached.cache.handle.Sha1;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.CacheWalk;
import io.rezpkgcached.cache.layout.StateFile;
import io.rezpkgcached.cache.posix.Posix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.io.file.PathUtils;

/**
 * Requests that are not served because of what they are, each with its reason, for people to find. The same content is
 * kept once, at most 64 KiB of it, and at most {@link #MAX_FILES} in all, the oldest going first.
 */
public final class RefusedRequests {
    /** Of folders that somebody has put into the spool, the latest are kept. */
    private static final int MOST_FOLDERS = 10;

    /** How many are kept. */
    public static final int MAX_FILES = 1000;

    private final Path folder;
    private final InstantSource time;
    private final int maxFiles;

    public RefusedRequests(CacheLayout layout, InstantSource time) {
        this(layout.refused(), time, MAX_FILES);
    }

    RefusedRequests(Path folder, InstantSource time, int maxFiles) {
        this.folder = folder;
        this.time = time;
        this.maxFiles = maxFiles;
    }

    /**
     * Keeps a refused request and takes it out of the spool.
     *
     * @param content what it held, of which the first 64 KiB are kept
     * @param owner   the user id of who wrote it
     * @return how many older ones were dropped to make room
     */
    public int refuse(Path request, String content, int owner, String reason) throws IOException {
        String kept = content.substring(0, Math.min(content.length(), RequestReader.MAX_BYTES));
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("reason", reason);
        object.put("file", request.getFileName().toString());
        object.put("owner", owner);
        object.put("time", time.instant().toString());
        object.put("content", kept);
        StateFile.write(folder.resolve(Sha1.hex(kept.isEmpty() ? reason : kept) + ".json"), object);
        takeOut(request, owner);
        return dropOldest();
    }

    /** All reports that can be read, in no order. */
    public List<RefusedRequest> all() throws IOException {
        List<RefusedRequest> reports = new ArrayList<>();
        for (Path report : CacheWalk.children(folder)) {
            if (Files.isRegularFile(report, LinkOption.NOFOLLOW_LINKS)) {
                StateFile.read(report).flatMap(object -> RefusedRequest.parse(report, object)).ifPresent(reports::add);
            }
        }
        return reports;
    }

    /**
     * A folder of our own user goes beside the reason, as it is: it may hold something that somebody misses. One of another
     * user's is deleted, for he could fill the disk with such.
     */
    private void takeOut(Path request, int owner) throws IOException {
        if (!Files.isDirectory(request, LinkOption.NOFOLLOW_LINKS)) {
            Files.deleteIfExists(request);
            return;
        }
        Path kept = folder.resolve("folder-" + RequestWriter.hex());
        Files.move(request, kept);
        if (owner != Posix.geteuid()) {
            delete(kept);
        }
    }

    private static void delete(Path directory) {
        try {
            PathUtils.deleteDirectory(directory);
        } catch (IOException _) {
            // What its owner has closed to us, nobody but root can delete.
        }
    }

    private int dropOldest() throws IOException {
        record Aged(Path path, FileTime modified) {}
        List<Aged> files = new ArrayList<>();
        List<Aged> folders = new ArrayList<>();
        for (Path path : CacheWalk.children(folder)) {
            (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) ? folders : files)
                    .add(new Aged(path, Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS)));
        }
        files.sort(Comparator.comparing(Aged::modified));
        folders.sort(Comparator.comparing(Aged::modified));
        for (Aged old : folders.subList(0, Math.max(0, folders.size() - MOST_FOLDERS))) {
            delete(old.path());
        }
        List<Aged> dropped = files.subList(0, Math.max(0, files.size() - maxFiles));
        for (Aged old : dropped) {
            Files.deleteIfExists(old.path());
        }
        return dropped.size();
    }
}
