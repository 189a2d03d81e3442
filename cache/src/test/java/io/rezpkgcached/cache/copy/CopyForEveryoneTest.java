package io.rezpkgcached.cache.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.rezpkgcached.cache.access.Acl;
import io.rezpkgcached.cache.posix.Xattrs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies that every user of the machine is to read, and what somebody does to the source meanwhile. */
class CopyForEveryoneTest {
    @TempDir
    Path dir;
    private Path root;
    private Path file;
    private Path secret;

    @BeforeEach
    void makePayload() throws Exception {
        root = dir.toRealPath();
        mode(root, "rwxr-xr-x");
        file = Files.createDirectories(root.resolve("source/lib")).resolve("file");
        Files.writeString(file, "for all");
        secret = Files.createDirectories(root.resolve("private/lib")).resolve("file");
        Files.writeString(secret, "secret!");
    }

    private static void mode(Path path, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    private CopiedPayload copy(StepHook hook) throws Exception {
        return new PayloadCopier(2, new LinkPolicy(List.of()), Pace.unlimited(), Readers.EVERYONE, hook)
                .copy(root.resolve("source"), root.resolve("target"), new CopyMonitor());
    }

    private String copied() throws IOException {
        return Files.readString(root.resolve("target/lib/file"));
    }

    @Test
    void copy_hasNoWritePermissionForOthers_andNoAcl() throws Exception {
        mode(file, "rwxrwxrwx");
        mode(file.getParent(), "rwxrwxrwx");
        Xattrs.set(file, Xattrs.ACL, Acl.openTo(4711).bytes());
        CopiedPayload payload = copy(StepHook.NONE);
        assertEquals("rwxr-xr-x", modeOf("target/lib/file"));
        assertEquals("rwxr-xr-x", modeOf("target/lib"));
        assertEquals(0, payload.root().mode() & 0022);
        assertEquals(Optional.empty(), Xattrs.get(root.resolve("target/lib/file"), Xattrs.ACL));
    }

    private String modeOf(String name) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve(name)));
    }

    @Test
    void copy_fileClosedWhileItIsCopied_isRefused() {
        AtomicBoolean done = new AtomicBoolean();
        ClosedToOthersException refused = assertThrows(ClosedToOthersException.class, () -> copy((step, path) -> {
            if (step == Step.COPY_FILE && done.compareAndSet(false, true)) {
                mode(file, "rw-r-----");
            }
        }));
        assertEquals("not every user may read " + file + " (mode 0640)", refused.getMessage());
    }

    /** Everything may be looked at as it was, and read from elsewhere: the daemon itself may enter where others may not. */
    @Test
    void copy_folderThatLeadsElsewhereWhileItsFilesAreOpened_readsNothingThere() throws Exception {
        mode(secret.getParent().getParent(), "rwx------");
        Path away = root.resolve("away");
        AtomicBoolean swapped = new AtomicBoolean();
        copy((step, path) -> {
            if (step == Step.COPY_FILE && swapped.compareAndSet(false, true)) {
                Files.move(file.getParent(), away);
                Files.createSymbolicLink(file.getParent(), secret.getParent());
            } else if (step == Step.LOOK_AGAIN && Files.exists(away)) {
                Files.delete(file.getParent());
                Files.move(away, file.getParent());
            }
        });
        assertEquals("for all", copied());
    }

    @Test
    void copy_folderThatWasReplacedByALinkForGood_isRefused() throws Exception {
        mode(secret, "rw-------");
        AtomicBoolean swapped = new AtomicBoolean();
        ClosedToOthersException refused = assertThrows(ClosedToOthersException.class, () -> copy((step, path) -> {
            if (step == Step.COPY_FILE && swapped.compareAndSet(false, true)) {
                Files.move(file.getParent(), root.resolve("away"));
                Files.createSymbolicLink(file.getParent(), secret.getParent());
            }
        }));
        assertEquals("not every user may read " + secret + " (mode 0600)", refused.getMessage());
    }
}
