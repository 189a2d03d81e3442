package io.rezpkgcached.cache.spool;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.CacheLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.OptionalInt;

/**
 * Requests whose names say who asked: {@code <user id>-<32 hex>.json}. They lie where only the daemon, or the user of a cache of his own, can
 * write: those that were taken out of the spool of a shared cache, which the daemon may have had to write itself, and those that nobody waits
 * for yet.
 */
public final class OwnedRequest {
    private OwnedRequest() {}

    /** A new name. */
    public static Path of(Path folder, int owner) throws IOException {
        return folder.resolve(Integer.toUnsignedString(owner) + "-" + RequestWriter.hex() + ".json");
    }

    /** Writes one, complete from the first moment at which it can be seen. */
    public static Path write(CacheLayout layout, Path folder, Handle handle, int owner) throws IOException {
        Path made = layout.incoming().resolve(RequestWriter.hex());
        Path target = of(folder, owner);
        try {
            Files.writeString(made, handle.toJson());
            // Whatever the umask: root may write what the daemon's user is to read.
            Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-r--r--"));
            Files.move(made, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(made);
        }
        return target;
    }

    /** Whether a file lies in a folder of such requests. */
    public static boolean isOne(CacheLayout layout, Path file) {
        return file.startsWith(layout.waiting()) || file.startsWith(layout.prefetch());
    }

    /** Who asked by a file; empty if it is none of these, so that its owner did. */
    public static OptionalInt owner(CacheLayout layout, Path file) {
        String name = file.getFileName().toString();
        int dash = name.indexOf('-');
        if (!isOne(layout, file) || dash <= 0) {
            return OptionalInt.empty();
        }
        try {
            return OptionalInt.of(Integer.parseUnsignedInt(name.substring(0, dash)));
        } catch (NumberFormatException _) {
            return OptionalInt.empty();
        }
    }
}
