package io.rezpkgcached.cache.spool;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.handle.MalformedHandleException;
import io.rezpkgcached.cache.json.Json;
import io.rezpkgcached.cache.json.JsonException;
import io.rezpkgcached.cache.layout.CacheWalk;
import io.rezpkgcached.cache.posix.Errno;
import io.rezpkgcached.cache.posix.PinnedFile;
import io.rezpkgcached.cache.posix.Posix;
import io.rezpkgcached.cache.posix.PosixException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Reads names in the spool without trusting them: whole or not at all, never through a link, never blocking on a pipe,
 * never more than {@link #MAX_BYTES}.
 */
public final class RequestReader {
    /** A handle has some 200 bytes; a location of 4096 bytes, each escaped as six, has 25,000. */
    public static final int MAX_BYTES = 64 * 1024;

    /** How long a file that ends too early is taken for one that is still being written. */
    static final Duration WRITTEN_WITHIN = Duration.ofSeconds(10);

    /** How the content of a plain file is got. */
    @FunctionalInterface
    private interface Contents {
        PinnedFile read(Path file, int limit) throws IOException;
    }

    private final InstantSource time;
    private final Contents contents;

    private RequestReader(InstantSource time, Contents contents) {
        this.time = time;
        this.contents = contents;
    }

    /** For a daemon: nothing that anyone puts in the place of a file while it is being opened can block it. */
    public static RequestReader hardened(InstantSource time) {
        return new RequestReader(time, Posix::readNoFollow);
    }

    /** For a command, which native calls would make start slowly, and whose user can end it. */
    public static RequestReader plain(InstantSource time) {
        return new RequestReader(time, RequestReader::readPlainly);
    }

    /** Reads one name; does not throw, since no name in the spool may stop the reading of the others. */
    public RequestFile read(Path path) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class,
                    LinkOption.NOFOLLOW_LINKS);
            if (!attributes.isRegularFile()) {
                return notAFile(path, attributes);
            }
            return parse(path, contents.read(path, MAX_BYTES));
        } catch (NoSuchFileException _) {
            return new RequestFile.Gone(path);
        } catch (AccessDeniedException _) {
            return notReadable(path);
        } catch (PosixException e) {
            return switch (e.errno()) {
                case Errno.ENOENT -> new RequestFile.Gone(path);
                case Errno.EACCES -> notReadable(path);
                default -> new RequestFile.Unreadable(path, e);
            };
        } catch (IOException e) {
            return new RequestFile.Unreadable(path, e);
        }
    }

    /** The variants that whole requests in a folder ask for. */
    public Set<Handle> handles(Path folder) throws IOException {
        Set<Handle> handles = new HashSet<>();
        for (Path path : CacheWalk.children(folder)) {
            if (read(path) instanceof RequestFile.Complete complete) {
                handles.add(complete.handle());
            }
        }
        return handles;
    }

    private static RequestFile notReadable(Path path) {
        return new RequestFile.Malformed(path, "the daemon's user may not read it; requests need mode 0644", "",
                ownerOf(path));
    }

    private static PinnedFile readPlainly(Path file, int limit) throws IOException {
        Map<String, Object> found = Files.readAttributes(file, "unix:uid,ino,lastModifiedTime");
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            return new PinnedFile(in.readNBytes(limit + 1), (int) found.get("uid"),
                    ((FileTime) found.get("lastModifiedTime")).toInstant(), (long) found.get("ino"));
        }
    }

    private RequestFile parse(Path path, PinnedFile file) {
        if (file.content().length > MAX_BYTES) {
            return new RequestFile.Malformed(path, "it has more than " + MAX_BYTES + " bytes; a handle has about 200",
                    text(file), file.owner());
        }
        try {
            return new RequestFile.Complete(path, Handle.parse(Json.read(file.content())), file.owner());
        } catch (JsonException e) {
            if (e.isCutShort() && isRecent(file.modified())) {
                return new RequestFile.BeingWritten(path);
            }
            return new RequestFile.Malformed(path, "not a handle in JSON: " + e.getMessage(), text(file),
                    file.owner());
        } catch (MalformedHandleException e) {
            return new RequestFile.Malformed(path, e.getMessage(), text(file), file.owner());
        }
    }

    private static RequestFile notAFile(Path path, BasicFileAttributes attributes) throws IOException {
        String kind = attributes.isSymbolicLink()
                ? "a symbolic link"
                : attributes.isDirectory() ? "a folder" : "a pipe, socket or device";
        String content = attributes.isSymbolicLink() ? Files.readSymbolicLink(path).toString() : "";
        return new RequestFile.Malformed(path, "it is " + kind + ", and a request is a plain file", content,
                ownerOf(path));
    }

    /** A clock that was set back makes files of the future; they are given the same time. */
    private boolean isRecent(Instant modified) {
        return Duration.between(modified, time.instant()).abs().compareTo(WRITTEN_WITHIN) < 0;
    }

    private static String text(PinnedFile file) {
        return new String(file.content(), StandardCharsets.UTF_8);
    }

    private static int ownerOf(Path path) {
        try {
            return (Integer) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        } catch (IOException _) {
            return -1; // it has gone, and only a report wanted to know
        }
    }
}
