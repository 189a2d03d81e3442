package io.rezpkgcached.cache.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Users and groups of this machine, from wherever {@code /etc/nsswitch.conf} has them.
 *
 * <p>One question at a time: the answers lie in memory of the C library.
 */
public final class Accounts {
    /** {@code struct passwd} of glibc for 64 bits: two pointers, then user and group. */
    private static final long UID_OFFSET = 16;
    private static final long PRIMARY_GID_OFFSET = 20;
    /** {@code struct group}: two pointers, then the group. */
    private static final long GID_OFFSET = 16;
    /** The kernel's bound ({@code NGROUPS_MAX}). */
    private static final int MOST_GROUPS = 65536;

    private Accounts() {}

    /** The number of a user; a name that is nobody's may be a number, as the kernel's word on a user without a name is. */
    public static synchronized OptionalInt userId(String name) {
        long found = LibC.getpwnam(name);
        return found > 0 ? OptionalInt.of(LibC.intAt(found, UID_OFFSET)) : number(name);
    }

    /** The number of a group; empty if there is none of that name. */
    public static synchronized OptionalInt groupId(String name) {
        long found = LibC.getgrnam(name);
        return found > 0 ? OptionalInt.of(LibC.intAt(found, GID_OFFSET)) : number(name);
    }

    /** All groups that a user would have if he logged in now; none where there is no user of that name. */
    public static synchronized Set<Integer> groupsOf(String user) {
        long found = LibC.getpwnam(user);
        if (found <= 0) {
            return Set.of();
        }
        int primary = LibC.intAt(found, PRIMARY_GID_OFFSET);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment groups = arena.allocate(ValueLayout.JAVA_INT, MOST_GROUPS);
            MemorySegment count = arena.allocateFrom(ValueLayout.JAVA_INT, MOST_GROUPS);
            long result = LibC.getgrouplist(user, primary, groups, count);
            if (result < 0) {
                return Set.of(primary);
            }
            int[] ids = groups.asSlice(0, result * Integer.BYTES).toArray(ValueLayout.JAVA_INT);
            return Arrays.stream(ids).boxed().collect(Collectors.toUnmodifiableSet());
        }
    }

    private static OptionalInt number(String name) {
        try {
            return OptionalInt.of(Integer.parseUnsignedInt(name));
        } catch (NumberFormatException _) {
            return OptionalInt.empty();
        }
    }
}
