package io.rezpkgcached.cache.spool;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.CacheWalk;
import io.rezpkgcached.cache.posix.Posix;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Writes requests as rez does ({@code PackageCache.add_variants}), but complete from the first moment at which anyone
 * can see them: made elsewhere, then linked into the spool.
 */
public final class RequestWriter {
    /** Whatever the umask of whoever asks: the daemon may be another user. */
    private static final Set<PosixFilePermission> READABLE_BY_ALL = PosixFilePermissions.fromString("rw-r--r--");

    private final CacheLayout layout;
    private final RequestReader reader;
    private final List<Path> present;

    /** Takes the names that are in the spool now, and its own, for all that is there, as rez does. */
    public RequestWriter(CacheLayout layout, RequestReader reader) throws IOException {
        this.layout = layout;
        this.reader = reader;
        Files.createDirectories(layout.pending());
        this.present = new ArrayList<>(CacheWalk.children(layout.pending()));
    }

    /**
     * Requests a variant.
     *
     * @return the new file, or empty if a request of the same name already holds the same handle
     */
    public Optional<Path> write(Handle handle) throws IOException {
        String prefix = handle.qualifiedName() + "-";
        for (Path path : present) {
            if (path.getFileName().toString().startsWith(prefix)
                    && reader.read(path) instanceof RequestFile.Complete complete && complete.handle().equals(handle)) {
                return Optional.empty();
            }
        }
        Path target = layout.pending().resolve(prefix + hex() + ".json");
        link(handle.toJson().getBytes(StandardCharsets.UTF_8), target);
        present.add(target);
        return Optional.of(target);
    }

    private void link(byte[] content, Path target) throws IOException {
        if (!Files.isWritable(layout.incoming())) {
            Posix.linkFromTmpfile(layout.pending(), content, 0644, target);
            return;
        }
        Path made = layout.incoming().resolve(hex());
        try {
            Files.write(made, content);
            Files.setPosixFilePermissions(made, READABLE_BY_ALL);
            Files.createLink(target, made);
        } finally {
            Files.deleteIfExists(made);
        }
    }

    /** 32 hexadecimal digits, as {@code uuid4().hex}. */
    static String hex() {
        return UUID.randomUUID().toString().replace("-", "");
    }
}
