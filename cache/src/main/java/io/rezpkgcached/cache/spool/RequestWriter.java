package io.rezpkgcached.cache.spool;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.CacheWalk;
import io.rezpkgcached.cache.posix.Posix;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Writes requests as rez does ({@code PackageCache.add_variants}), but complete from the first moment at which anyone
 * can see them: made elsewhere, then linked into the spool.
 */
public final class RequestWriter {
    /** Whatever the umask of whoever asks: the daemon may be another user. */
    private static final Set<PosixFilePermission> READABLE_BY_ALL = PosixFilePermissions.fromString("rw-r--r--");

    private static final Path RANDOM = Path.of("/dev/urandom");
    private static final int RANDOM_BYTES = 16;

    private static final FileAttribute<Set<PosixFilePermission>> MODE = PosixFilePermissions
            .asFileAttribute(READABLE_BY_ALL);
    private static final Set<StandardOpenOption> NEW_FILE = EnumSet.of(StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE);

    private final CacheLayout layout;
    private final RequestReader reader;
    private final List<Path> present;

    /** Takes the names that are in the spool now, and its own, for all that is there, as rez does. */
    public RequestWriter(CacheLayout layout, RequestReader reader) throws IOException {
        this.layout = layout;
        this.reader = reader;
        Files.createDirectories(layout.pending());
        this.present = new ArrayList<>(CacheWalk.children(layout.pending()));
        present.addAll(CacheWalk.children(layout.waiting()));
    }

    /**
     * Requests a variant.
     *
     * @return the new file, or empty if a request of the same name already holds the same handle
     */
    public Optional<Path> write(Handle handle) throws IOException {
        String prefix = handle.qualifiedName() + "-";
        for (Path path : present) {
            boolean named = path.getFileName().toString().startsWith(prefix) || path.startsWith(layout.waiting());
            if (named && reader.read(path) instanceof RequestFile.Complete complete
                    && complete.handle().equals(handle)) {
                return Optional.empty();
            }
        }
        String unique = hex();
        Path target = layout.pending().resolve(prefix + unique + ".json");
        link(handle.toJson().getBytes(StandardCharsets.UTF_8), unique, target);
        present.add(target);
        return Optional.of(target);
    }

    private void link(byte[] content, String unique, Path target) throws IOException {
        if (Files.isWritable(layout.incoming())) {
            Path made = layout.incoming().resolve(unique);
            try {
                Files.write(made, content);
                Files.setPosixFilePermissions(made, READABLE_BY_ALL);
                Files.createLink(target, made);
            } finally {
                Files.deleteIfExists(made);
            }
        } else if (!Files.isWritable(layout.sys()) || !linkFromSys(content, unique, target)) {
            // The first native call of a process takes longer than all the rest of it.
            Posix.linkFromTmpfile(layout.pending(), content, 0644, target);
        }
    }

    /**
     * Where the folder of ours is another user's, or not there yet. Other users may write here too: the mode is never set by
     * name, since somebody could have put a link to a file of ours in its place.
     *
     * @return false if the umask forbids others to read it
     */
    private boolean linkFromSys(byte[] content, String unique, Path target) throws IOException {
        Path made = layout.requestBeingWritten(unique);
        try (SeekableByteChannel channel = Files.newByteChannel(made, NEW_FILE, MODE)) {
            ByteBuffer left = ByteBuffer.wrap(content);
            while (left.hasRemaining()) {
                channel.write(left);
            }
            if (!Files.getPosixFilePermissions(made, LinkOption.NOFOLLOW_LINKS).equals(READABLE_BY_ALL)) {
                return false;
            }
            Files.createLink(target, made);
            return true;
        } finally {
            Files.deleteIfExists(made);
        }
    }

    /**
     * 32 hexadecimal digits, as {@code uuid4().hex}, from where Java takes them too: but Java looks for its security
     * providers first, for longer than all requests of a context take.
     */
    public static String hex() throws IOException {
        try (InputStream random = Files.newInputStream(RANDOM)) {
            return HexFormat.of().formatHex(random.readNBytes(RANDOM_BYTES));
        }
    }
}
