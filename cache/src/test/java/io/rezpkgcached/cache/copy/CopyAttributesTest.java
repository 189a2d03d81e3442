package io.rezpkgcached.cache.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.rezpkgcached.cache.posix.Posix;
import io.rezpkgcached.cache.posix.PosixException;
import io.rezpkgcached.cache.posix.Xattrs;
import io.rezpkgcached.cache.testing.TreeAssert;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopyAttributesTest {
    @TempDir
    Path dir;
    private Copies copies;

    @BeforeEach
    void makePayload() throws IOException {
        copies = Copies.in(dir);
    }

    @Test
    void copy_smallTree_sameInEveryRespectAndCounted() throws Exception {
        copies.file("package.py", "name = 'x'\n");
        copies.file("lib/python/module.py", "pass\n");
        copies.file("empty", "");
        Files.createDirectories(copies.source().resolve("folders/without/files"));
        copies.link("lib/current", "python");

        CopiedPayload copied = copies.copy();

        TreeAssert.assertSameTree(copies.source(), copies.target());
        Instant newest = copied.newestSourceTime();
        assertEquals(new CopiedPayload(3, 5, 1, 16, newest, List.of(), copied.root()), copied);
        assertEquals(Stat.of(copies.source().resolve("lib/current")).changed().getEpochSecond() / 60,
                newest.getEpochSecond() / 60);
    }

    @Test
    void copy_modes_keptWithoutSetuidAndSetgid() throws Exception {
        for (int mode : List.of(0644, 0755, 0400, 0000, 0777, 02755, 04755, 06711, 01644)) {
            mode(copies.file("file-" + Integer.toOctalString(mode), "x"), mode);
        }
        for (int mode : List.of(0755, 0500, 0000, 01777, 02775)) {
            Path folder = copies.file("folder-" + Integer.toOctalString(mode) + "/file", "x").getParent();
            Posix.setModified(folder, Copies.TIME);
            mode(folder, mode);
        }
        mode(copies.source(), 0555);
        Posix.setModified(copies.source(), Copies.TIME);
        if (Posix.geteuid() != 0) { // nobody else can read these
            mode(copies.source().resolve("file-0"), 0400);
            mode(copies.source().resolve("folder-0"), 0500);
        }

        CopiedPayload copied = copies.copy();

        assertEquals(new RootAttributes(0555, Copies.TIME), copied.root());
        assertEquals(0711, (int) Files.getAttribute(copies.target().resolve("file-6711"), "unix:mode") & 07777);
        assertEquals(0775, (int) Files.getAttribute(copies.target().resolve("folder-2775"), "unix:mode") & 07777);
        TreeAssert.assertSameTree(copies.source(), copies.target());
    }

    @Test
    void copy_rootReadOnly_copyOpenToItsOwnerUntilAttributesAreApplied() throws Exception {
        mode(copies.source(), 0555);
        copies.copy(new CopyMonitor());
        assertEquals(0755, (int) Files.getAttribute(copies.target(), "unix:mode") & 07777);
    }

    @Test
    void copy_oddTimes_keptToTheNanosecond() throws Exception {
        List<Instant> times = List.of(Instant.EPOCH, Instant.ofEpochSecond(-1, 999_999_999), Copies.TIME,
                Instant.parse("2100-01-01T00:00:00.000000001Z"));
        for (Instant time : times) {
            Posix.setModified(copies.file("file" + time, "x"), time);
            Posix.setModified(copies.link("link" + time, "file" + time), time);
            Posix.setModified(Files.createDirectory(copies.source().resolve("folder" + time)), time);
        }
        copies.copy();
        TreeAssert.assertSameTree(copies.source(), copies.target());
    }

    @Test
    void copy_userAttributesAndAcls_keptOnFilesAndFolders() throws Exception {
        Path file = copies.file("folder/file", "x");
        Path folder = file.getParent();
        Path inner = copies.file("folder/made-before-default-acl/file", "x");
        for (Path path : List.of(file, folder, copies.source())) {
            Xattrs.set(path, "user.origin", "build 7".getBytes(StandardCharsets.UTF_8));
            Xattrs.set(path, Xattrs.ACL, acl(05));
        }
        Xattrs.set(folder, Xattrs.DEFAULT_ACL, acl(07));
        Xattrs.set(copies.source(), Xattrs.DEFAULT_ACL, acl(04));

        copies.copy();

        TreeAssert.assertSameTree(copies.source(), copies.target());
        assertEquals(List.of(), Xattrs.list(inner));
        assertEquals(3, Xattrs.list(copies.target().resolve("folder")).size());
    }

    @Test
    void copy_targetWithoutAttributes_warningForEachNameOnce() {
        Warnings warnings = new Warnings();
        Path absent = dir.resolve("absent");
        for (int i = 0; i < 3; i++) {
            var refusal = assertThrows(PosixException.class,
                    () -> Xattrs.set(absent, "user.x", new byte[0]));
            warnings.attributeRefused("user.x", dir.resolve("source"), refusal);
        }
        assertEquals(List.of("about a link", dir.resolve("source") + ": not copied: set attribute user.x of " + absent
                + ": No such file or directory (and so for 2 more)"), warnings.with(List.of("about a link")));
    }

    @Test
    void copy_hardLinks_oneFileInTheCopyToo() throws Exception {
        Path file = copies.file("b/file", "shared");
        Files.createLink(copies.source().resolve("a"), file);
        Files.createLink(copies.source().resolve("b/third"), file);
        Files.createLink(dir.resolve("outside"), copies.file("alone", "one name here, one outside"));

        CopiedPayload copied = copies.copy();

        TreeAssert.assertSameTree(copies.source(), copies.target());
        assertEquals(List.of(4L, 32L), List.of(copied.files(), copied.bytes()));
    }

    @Test
    void copy_targetExists_refusedAndLeftAlone() throws Exception {
        Files.writeString(Files.createDirectory(copies.target()).resolve("mine"), "x");
        assertThrows(FileAlreadyExistsException.class, copies::copy);
        assertEquals(List.of("", "/mine"), List.copyOf(TreeAssert.describe(copies.target()).keySet()));
    }

    @Test
    void copy_noParentOfTargetNoSourceOrSourceIsFile_ioException() throws Exception {
        Path file = Files.writeString(dir.resolve("file"), "x");
        assertThrows(NoSuchFileException.class, copies.from(dir.resolve("absent"))::copy);
        assertThrows(NotDirectoryException.class, copies.from(file)::copy);
        PayloadCopier copier = new PayloadCopier(1, new LinkPolicy(List.of()), Pace.unlimited());
        assertThrows(NoSuchFileException.class,
                () -> copier.copy(copies.source(), dir.resolve("absent/copy"), new CopyMonitor()));
        assertThrows(PayloadRefusedException.class,
                () -> copier.copy(copies.source(), copies.source().resolve("copy"), new CopyMonitor()));
        assertEquals(List.of(), Copies.threads());
    }

    /** Version 2 of linux/posix_acl_xattr.h: owner rwx, user 12345 as given, group, mask rwx, others nothing. */
    private static byte[] acl(int permissions) {
        ByteBuffer acl = ByteBuffer.allocate(4 + 5 * 8).order(ByteOrder.LITTLE_ENDIAN).putInt(2);
        int nobody = -1;
        int[][] entries = {{0x01, 07, nobody}, {0x02, permissions, 12345}, {0x04, 05, nobody}, {0x10, 07, nobody},
                {0x20, 0, nobody}};
        for (int[] entry : entries) {
            acl.putShort((short) entry[0]).putShort((short) entry[1]).putInt(entry[2]);
        }
        return acl.array();
    }

    private static void mode(Path path, int mode) throws IOException {
        Files.setAttribute(path, "unix:mode", mode);
    }
}
