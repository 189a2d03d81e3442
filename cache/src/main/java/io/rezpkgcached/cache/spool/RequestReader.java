package io.rezpkgcached.cache.spool;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.handle.MalformedHandleException;
import io.rezpkgcached.cache.json.Json;
import io.rezpkgcached.cache.json.JsonException;
import io.rezpkgcached.cache.posix.PinnedFile;
import io.rezpkgcached.cache.posix.Posix;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Reads names in the spool without trusting them: whole or not at all, never through a link, never blocking on a pipe,
 * never more than {@link #MAX_BYTES}.
 */
public final class RequestReader {
    /** A handle has some 200 bytes; a location of 4096 bytes, each escaped as six, has 25,000. */
    public static final int MAX_BYTES = 64 * 1024;

    /** How long a file that ends too early is taken for one that is still being written. */
    static final Duration WRITTEN_WITHIN = Duration.ofSeconds(10);

    private final InstantSource time;

    public RequestReader(InstantSource time) {
        this.time = time;
    }

    /** Reads one name; does not throw, since no name in the spool may stop the reading of the others. */
    public RequestFile read(Path path) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class,
                    LinkOption.NOFOLLOW_LINKS);
            if (!attributes.isRegularFile()) {
                return notAFile(path, attributes);
            }
            return parse(path, Posix.readNoFollow(path, MAX_BYTES));
        } catch (NoSuchFileException _) {
            return new RequestFile.Gone(path);
        } catch (AccessDeniedException _) {
            return new RequestFile.Malformed(path, "the daemon's user may not read it; requests need mode 0644",
                    new byte[0], ownerOf(path));
        } catch (IOException e) {
            return new RequestFile.Unreadable(path, e);
        }
    }

    private RequestFile parse(Path path, PinnedFile file) {
        if (file.content().length > MAX_BYTES) {
            return new RequestFile.Malformed(path, "it has more than " + MAX_BYTES + " bytes; a handle has about 200",
                    file.content(), file.owner());
        }
        try {
            return new RequestFile.Complete(path, Handle.parse(Json.read(file.content())), file.owner());
        } catch (JsonException e) {
            if (e.isCutShort() && isRecent(file.modified())) {
                return new RequestFile.BeingWritten(path);
            }
            return new RequestFile.Malformed(path, "not a handle in JSON: " + e.getMessage(), file.content(), file.owner());
        } catch (MalformedHandleException e) {
            return new RequestFile.Malformed(path, e.getMessage(), file.content(), file.owner());
        }
    }

    private static RequestFile notAFile(Path path, BasicFileAttributes attributes) throws IOException {
        String kind = attributes.isSymbolicLink() ? "a symbolic link"
                : attributes.isDirectory() ? "a folder" : "a pipe, socket or device";
        byte[] content = attributes.isSymbolicLink()
                ? Files.readSymbolicLink(path).toString().getBytes(StandardCharsets.UTF_8)
                : new byte[0];
        return new RequestFile.Malformed(path, "it is " + kind + ", and a request is a plain file", content, ownerOf(path));
    }

    /** A clock that was set back makes files of the future; they are given the same time. */
    private boolean isRecent(Instant modified) {
        return Duration.between(modified, time.instant()).abs().compareTo(WRITTEN_WITHIN) < 0;
    }

    private static int ownerOf(Path path) {
        try {
            return (Integer) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        } catch (IOException _) {
            return -1; // it has gone, and only a report wanted to know
        }
    }
}
