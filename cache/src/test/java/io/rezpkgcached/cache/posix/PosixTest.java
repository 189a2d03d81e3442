package io.rezpkgcached.cache.posix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PosixTest {
    private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);
    /** 12:34:56.123456789 on a day in 2021. */
    private static final Instant TIME = Instant.parse("2021-03-04T12:34:56.123456789Z");

    @TempDir
    Path dir;

    @Test
    void tryLock_lockedInThisProcess_empty() throws IOException {
        Path file = dir.resolve("lock");
        try (Flock lock = Flock.tryLock(file, 0600).orElseThrow()) {
            assertEquals(file, lock.file());
            assertEquals(Optional.empty(), Flock.tryLock(file, 0600));
        }
        Flock.tryLock(file, 0600).orElseThrow().close();
    }

    @Test
    void tryLock_lockedByUs_anotherProcessIsKeptOut() throws Exception {
        Path file = dir.resolve("lock");
        Flock lock = Flock.tryLock(file, 0600).orElseThrow();
        assertEquals(1, run("flock", "--nonblock", file.toString(), "true"));
        lock.close();
        lock.close();
        assertEquals(0, run("flock", "--nonblock", file.toString(), "true"));
    }

    @Test
    void tryLock_lockedByAnotherProcess_emptyUntilItDies() throws Exception {
        Path file = dir.resolve("lock");
        Process other = new ProcessBuilder("flock", "--nonblock", "--no-fork", file.toString(), "sh", "-c",
                "echo locked; exec cat").start();
        other.inputReader(StandardCharsets.UTF_8).readLine();
        assertEquals(Optional.empty(), Flock.tryLock(file, 0600));
        other.destroyForcibly().waitFor();
        Flock.tryLock(file, 0600).orElseThrow().close();
    }

    @Test
    void tryLock_noSuchFolder_exceptionSaysWhatAndWhere() {
        Path file = dir.resolve("absent/lock");
        PosixException e = assertThrows(PosixException.class, () -> Flock.tryLock(file, 0600));
        assertEquals(Errno.ENOENT, e.errno());
        assertEquals("open for locking " + file + ": No such file or directory", e.getMessage());
    }

    @Test
    void syncfsAndFsync_folderAndFile_succeed() throws IOException {
        Path file = Files.write(dir.resolve("file"), CONTENT);
        Posix.syncfs(dir);
        Posix.syncfs(file);
        Posix.fsync(dir);
        Posix.fsync(file);
        assertThrows(PosixException.class, () -> Posix.syncfs(dir.resolve("absent")));
    }

    @Test
    void geteuid_always_ownsWhatWeMake() throws IOException {
        assertEquals(Files.getAttribute(dir, "unix:uid"), Posix.geteuid());
    }

    @Test
    void linkFromTmpfile_newName_contentAndModeWhateverTheUmask() throws IOException {
        for (int mode : List.of(0666, 0444, 0000, 0600)) {
            Path target = dir.resolve("mode-" + mode);
            Posix.linkFromTmpfile(dir, CONTENT, mode, target);
            assertEquals(mode, (int) Files.getAttribute(target, "unix:mode") & 07777);
            assertEquals(CONTENT.length, Files.size(target));
        }
        assertArrayEquals(CONTENT, Files.readAllBytes(dir.resolve("mode-" + 0444)));
    }

    @Test
    void linkFromTmpfile_nameTaken_refusedAndLeftAlone() throws IOException {
        Path target = Files.writeString(dir.resolve("taken"), "old");
        PosixException e = assertThrows(PosixException.class,
                () -> Posix.linkFromTmpfile(dir, CONTENT, 0644, target));
        assertEquals(Errno.EEXIST, e.errno());
        assertEquals("old", Files.readString(target));
        try (Stream<Path> names = Files.list(dir)) {
            assertEquals(List.of(target), names.toList());
        }
    }

    @Test
    void linkFromTmpfile_nameNotUtf8_madeUnderItsBytes() throws IOException {
        Path target = strange("tmp%FF%FE%20%0A");
        Posix.linkFromTmpfile(dir, CONTENT, 0644, target);
        assertArrayEquals(CONTENT, Files.readAllBytes(target));
    }

    @Test
    void readNoFollow_regularFile_contentOwnerTimeInode() throws IOException {
        Path file = Files.write(dir.resolve("file"), CONTENT);
        Posix.setModified(file, TIME);
        PinnedFile expected = new PinnedFile(CONTENT, Posix.geteuid(), TIME,
                (long) Files.getAttribute(file, "unix:ino"));
        assertEquals(expected, Posix.readNoFollow(file, CONTENT.length));
        assertEquals(expected.hashCode(), Posix.readNoFollow(file, 100).hashCode());
    }

    @Test
    void readNoFollow_longerThanLimit_oneByteMore() throws IOException {
        Path file = Files.write(dir.resolve("file"), CONTENT);
        assertEquals(4, Posix.readNoFollow(file, 3).content().length);
    }

    @Test
    void readNoFollow_fifoOrFolder_refusedWithoutBlocking() throws Exception {
        Path fifo = dir.resolve("fifo");
        assertEquals(0, run("mkfifo", fifo.toString()));
        FileSystemException e = assertThrows(FileSystemException.class, () -> Posix.readNoFollow(fifo, 10));
        assertEquals(fifo + ": not a regular file", e.getMessage());
        assertThrows(FileSystemException.class, () -> Posix.readNoFollow(dir, 10));
    }

    @Test
    void readNoFollow_link_refused() throws IOException {
        Path file = Files.write(dir.resolve("file"), CONTENT);
        Path link = Files.createSymbolicLink(dir.resolve("link"), file);
        PosixException e = assertThrows(PosixException.class, () -> Posix.readNoFollow(link, 10));
        assertEquals(Errno.ELOOP, e.errno());
    }

    @Test
    void setModified_fileFolderAndLink_toTheNanosecondEachOnItsOwn() throws IOException {
        Path file = Files.write(dir.resolve("file"), CONTENT);
        Path link = Files.createSymbolicLink(strange("link%FF"), file);
        Posix.setModified(link, TIME);
        Posix.setModified(file, TIME.minusNanos(1));
        Posix.setModified(dir, Instant.ofEpochSecond(-5, 7));
        assertEquals(List.of(TIME, TIME.minusNanos(1), Instant.ofEpochSecond(-5, 7)),
                List.of(modified(link), modified(file), modified(dir)));
    }

    @Test
    void xattrs_fileFolderAndStrangeName_keptByteForByte() throws IOException {
        byte[] value = {0, 1, (byte) 0xff, 0};
        for (Path path : List.of(dir, Files.write(dir.resolve("file"), CONTENT),
                Files.write(strange("%C3%28%FF"), CONTENT),
                Files.createDirectory(strange("dir%FF")), Files.writeString(dir.resolve("h\u00e4%41"), ""))) {
            setOrExplain(path, "user.caf\u00e9", value);
            Xattrs.set(path, "user.empty", new byte[0]);
            assertEquals(Set.of("user.caf\u00e9", "user.empty"), Set.copyOf(Xattrs.list(path)));
            assertArrayEquals(value, Xattrs.get(path, "user.caf\u00e9").orElseThrow());
            assertArrayEquals(new byte[0], Xattrs.get(path, "user.empty").orElseThrow());
        }
    }

    @Test
    void xattrs_largeValue_readWhole() throws IOException {
        Path file = Files.write(dir.resolve("file"), CONTENT);
        byte[] value = new byte[2500];
        value[2499] = 1;
        setOrExplain(file, "user.large", value);
        assertArrayEquals(value, Xattrs.get(file, "user.large").orElseThrow());
    }

    @Test
    void xattrs_link_itsTargetIsNotLookedAt() throws IOException {
        Path file = Files.write(dir.resolve("file"), CONTENT);
        Path folder = Files.createDirectory(dir.resolve("folder"));
        setOrExplain(file, "user.x", CONTENT);
        setOrExplain(folder, "user.x", CONTENT);
        assertEquals(List.of(), Xattrs.list(Files.createSymbolicLink(dir.resolve("link"), file)));
        assertEquals(List.of(), Xattrs.list(Files.createSymbolicLink(strange("to-folder%FF"), folder)));
        assertEquals(Optional.empty(), Xattrs.get(file, "user.absent"));
    }

    @Test
    void xattrs_noSuchFile_exceptionSaysSo() {
        PosixException e = assertThrows(PosixException.class, () -> Xattrs.list(dir.resolve("absent")));
        assertEquals(Errno.ENOENT, e.errno());
        assertTrue(e.getMessage().startsWith("list the attributes of " + dir), e.getMessage());
    }

    private static void setOrExplain(Path path, String name, byte[] value) throws IOException {
        try {
            Xattrs.set(path, name, value);
        } catch (PosixException e) {
            throw new AssertionError("these tests need a temporary folder on a file system with user attributes", e);
        }
    }

    private Path strange(String encodedName) {
        return Path.of(URI.create("file://" + dir.toUri().getRawPath() + encodedName));
    }

    private static Instant modified(Path path) throws IOException {
        return ((FileTime) Files.getAttribute(path, "lastModifiedTime", LinkOption.NOFOLLOW_LINKS)).toInstant();
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
