package io.rezpkgcached.cache.access;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A POSIX ACL as the kernel keeps it in an extended attribute (Linux {@code posix_acl_xattr.h}, version 2): a number of version,
 * then for each entry a tag, permissions and an id, little endian.
 *
 * @param entries in the order that the kernel wants: owner, users by id, group, groups by id, mask, others
 */
public record Acl(List<Entry> entries) {
    public static final int READ = 4;
    public static final int WRITE = 2;
    public static final int SEARCH = 1;

    private static final int VERSION = 2;
    private static final int HEADER_BYTES = 4;
    private static final int ENTRY_BYTES = 8;
    private static final int NO_ID = -1;

    public Acl {
        entries = List.copyOf(entries);
    }

    /** What an entry is about, with the kernel's numbers. */
    public enum Tag {
        OWNER(0x01), USER(0x02), GROUP(0x04), NAMED_GROUP(0x08), MASK(0x10), OTHERS(0x20);

        private final int number;

        Tag(int number) {
            this.number = number;
        }

        static Optional<Tag> of(int number) {
            for (Tag tag : values()) {
                if (tag.number == number) {
                    return Optional.of(tag);
                }
            }
            return Optional.empty();
        }
    }

    /**
     * One entry.
     *
     * @param permissions of {@link #READ}, {@link #WRITE} and {@link #SEARCH}
     * @param id of the user or group; -1 where the tag needs none
     */
    public record Entry(Tag tag, int permissions, int id) {}

    /** What a folder hands down so that one user may do all with it, besides its owner, and everyone may read it. */
    public static Acl openTo(int user) {
        int all = READ | WRITE | SEARCH;
        return new Acl(List.of(new Entry(Tag.OWNER, all, NO_ID), new Entry(Tag.USER, all, user),
                new Entry(Tag.GROUP, READ | SEARCH, NO_ID), new Entry(Tag.MASK, all, NO_ID),
                new Entry(Tag.OTHERS, READ | SEARCH, NO_ID)));
    }

    /** Reads an attribute; empty if it is of a version, or has a tag, that we do not know. */
    public static Optional<Acl> parse(byte[] attribute) {
        ByteBuffer bytes = ByteBuffer.wrap(attribute).order(ByteOrder.LITTLE_ENDIAN);
        if (attribute.length < HEADER_BYTES || (attribute.length - HEADER_BYTES) % ENTRY_BYTES != 0
                || bytes.getInt() != VERSION) {
            return Optional.empty();
        }
        List<Entry> entries = new ArrayList<>();
        while (bytes.hasRemaining()) {
            Optional<Tag> tag = Tag.of(Short.toUnsignedInt(bytes.getShort()));
            int permissions = bytes.getShort();
            int id = bytes.getInt();
            if (tag.isEmpty()) {
                return Optional.empty();
            }
            entries.add(new Entry(tag.get(), permissions, id));
        }
        return Optional.of(new Acl(entries));
    }

    /** The attribute. */
    public byte[] bytes() {
        ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES + ENTRY_BYTES * entries.size())
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(VERSION);
        for (Entry entry : entries) {
            bytes.putShort((short) entry.tag().number).putShort((short) entry.permissions()).putInt(entry.id());
        }
        return bytes.array();
    }

    /** Whether every entry but the owner's gives all of these permissions, so that nobody is shut out by name or by group. */
    boolean givesEveryone(int permissions) {
        return entries.stream().filter(entry -> entry.tag() != Tag.OWNER)
                .allMatch(entry -> (entry.permissions() & permissions) == permissions);
    }
}
