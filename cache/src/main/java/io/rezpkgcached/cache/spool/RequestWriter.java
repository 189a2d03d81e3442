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
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes requests as rez does ({@code PackageCache.add_variants}), but complete from the first moment at which anyone
 * can see them: made elsewhere, then moved into the spool.
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

    private static final int MANY = 64;

    /** Where a request is made. */
    private enum Way {
        /** In our own folder. */
        OURS,
        /** Beside rez's lock: our folder is another user's, or not there yet. */
        BESIDE,
        /** In a file without a name, by native calls. */
        UNNAMED
    }

    private final CacheLayout layout;
    private final RequestReader reader;
    private final List<String> present = new ArrayList<>();
    private final Map<Handle, Path> written = new HashMap<>();
    private final Set<Handle> waiting;
    private final Way way;
    private boolean isReadable;
    private byte[] random = {};
    private int randomUsed;

    /** Takes the names that are in the spool now, and its own, for all that is there, as rez does. */
    public RequestWriter(CacheLayout layout, RequestReader reader) throws IOException {
        this.layout = layout;
        this.reader = reader;
        Files.createDirectories(layout.pending());
        for (Path path : CacheWalk.children(layout.pending())) {
            present.add(path.getFileName().toString());
        }
        this.way = Files.isWritable(layout.incoming())
                ? Way.OURS
                : Files.isWritable(layout.sys()) ? Way.BESIDE : Way.UNNAMED;
        this.waiting = reader.handles(layout.waiting());
    }

    /**
     * Requests a variant.
     *
     * @return the new file, or empty if a request of the same name already holds the same handle
     */
    public Optional<Path> write(Handle handle) throws IOException {
        String prefix = handle.qualifiedName() + "-";
        Path earlier = written.get(handle);
        if (waiting.contains(handle) || (earlier != null && Files.exists(earlier))) {
            return Optional.empty();
        }
        for (String name : present) {
            if (name.startsWith(prefix) && holds(layout.pending().resolve(name), handle)) {
                return Optional.empty();
            }
        }
        String unique = unique();
        String name = prefix + unique + ".json";
        Path target = layout.pending().resolve(name);
        put(handle.toJson().getBytes(StandardCharsets.UTF_8), unique, target);
        written.put(handle, target);
        return Optional.of(target);
    }

    private boolean holds(Path request, Handle handle) throws IOException {
        return reader.read(request) instanceof RequestFile.Complete complete && complete.handle().equals(handle);
    }

    private void put(byte[] content, String unique, Path target) throws IOException {
        boolean done = way == Way.OURS
                ? move(layout.incoming().resolve(unique), content, target, true)
                : way == Way.BESIDE && move(layout.requestBeingWritten(unique), content, target, false);
        if (!done) {
            // The first native call of a process takes longer than all the rest of it.
            Posix.linkFromTmpfile(layout.pending(), content, 0644, target);
        }
    }

    /**
     * Writes it elsewhere, and moves it there; the target's name is one that nobody can have thought of.
     *
     * @param isPrivate whether nobody else can write where it is made; else the mode is never set by name, since somebody could
     *                  have put a link to a file of ours in its place
     * @return false if the umask forbids others to read it
     */
    private boolean move(Path made, byte[] content, Path target, boolean isPrivate) throws IOException {
        try {
            try (SeekableByteChannel channel = Files.newByteChannel(made, NEW_FILE, MODE)) {
                ByteBuffer left = ByteBuffer.wrap(content);
                while (left.hasRemaining()) {
                    channel.write(left);
                }
            }
            if (!isReadable
                    && !Files.getPosixFilePermissions(made, LinkOption.NOFOLLOW_LINKS).equals(READABLE_BY_ALL)) {
                if (!isPrivate) {
                    Files.delete(made);
                    return false;
                }
                Files.setPosixFilePermissions(made, READABLE_BY_ALL);
            } else {
                isReadable = true; // and so are those after it
            }
            Files.move(made, target, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (IOException e) {
            try {
                Files.deleteIfExists(made);
            } catch (IOException left) {
                e.addSuppressed(left);
            }
            throw e;
        }
    }

    /** As {@link #hex}, but many are read at once. */
    private String unique() throws IOException {
        if (randomUsed == random.length) {
            random = random(MANY * RANDOM_BYTES);
            randomUsed = 0;
        }
        randomUsed += RANDOM_BYTES;
        return HexFormat.of().formatHex(random, randomUsed - RANDOM_BYTES, randomUsed);
    }

    /**
     * 32 hexadecimal digits, as {@code uuid4().hex}, from where Java takes them too: but Java looks for its security
     * providers first, for longer than all requests of a context take.
     */
    public static String hex() throws IOException {
        return HexFormat.of().formatHex(random(RANDOM_BYTES));
    }

    private static byte[] random(int count) throws IOException {
        try (InputStream in = Files.newInputStream(RANDOM)) {
            return in.readNBytes(count);
        }
    }
}
