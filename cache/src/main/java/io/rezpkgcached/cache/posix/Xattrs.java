package io.rezpkgcached.cache.posix;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The extended attributes that belong to a file's content and permissions: {@code user.*} and POSIX ACLs.
 *
 * <p>Links are never followed. Other attributes (security labels, capabilities, those of the file system) are not seen. Names are
 * decoded as Latin-1, so that every byte survives. An attribute that goes away between listing and reading is reported as absent.
 */
public final class Xattrs {
    public static final String ACL = "system.posix_acl_access";
    public static final String DEFAULT_ACL = "system.posix_acl_default";

    private static final int FIRST_GUESS = 1024;
    /** The kernel's bound on a value and on a list of names ({@code XATTR_SIZE_MAX}, {@code XATTR_LIST_MAX}). */
    private static final int LARGEST = 65536;

    private Xattrs() {}

    /** Names of the attributes, in no order; none where the file system has none. */
    public static List<String> list(Path path) throws IOException {
        for (int size = FIRST_GUESS;; size = LARGEST) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment names = arena.allocate(size);
                long length = LibC.llistxattr(path, names);
                if (length == -Errno.ENOTSUP) {
                    return List.of();
                }
                if (length != -Errno.ERANGE || size == LARGEST) {
                    return kept(names, PosixException.check(length, "list the attributes of", path));
                }
            }
        }
    }

    private static List<String> kept(MemorySegment names, long length) {
        if (length == 0) {
            return List.of();
        }
        List<String> kept = new ArrayList<>();
        for (long at = 0; at < length;) {
            String name = names.getString(at, StandardCharsets.ISO_8859_1);
            if (name.startsWith("user.") || name.equals(ACL) || name.equals(DEFAULT_ACL)) {
                kept.add(name);
            }
            at += name.length() + 1L;
        }
        return List.copyOf(kept);
    }

    /** The value of an attribute, as the file system gives it. */
    public static Optional<byte[]> get(Path path, String name) throws IOException {
        for (int size = FIRST_GUESS;; size = LARGEST) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment value = arena.allocate(size);
                long length = LibC.lgetxattr(path, arena.allocateFrom(name, StandardCharsets.ISO_8859_1), value);
                if (length == -Errno.ENODATA || length == -Errno.ENOTSUP) {
                    return Optional.empty();
                }
                if (length != -Errno.ERANGE || size == LARGEST) {
                    PosixException.check(length, "read attribute " + name + " of", path);
                    return Optional.of(value.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
                }
            }
        }
    }

    /**
     * Sets an attribute, whether it was there or not.
     *
     * @throws PosixException {@link Errno#ENOTSUP}, {@link Errno#ENOSPC} and others where the file system does not take it
     */
    public static void set(Path path, String name, byte[] value) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, value);
            long result = LibC.lsetxattr(path, arena.allocateFrom(name, StandardCharsets.ISO_8859_1), bytes);
            PosixException.check(result, "set attribute " + name + " of", path);
        }
    }
}
