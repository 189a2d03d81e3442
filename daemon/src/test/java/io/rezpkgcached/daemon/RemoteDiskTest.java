package io.rezpkgcached.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RemoteDiskTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"nfs", "nfs4", "cifs", "smb3", "ceph", "lustre", "9p", "fuse", "fuse.sshfs",
            "fuse.glusterfs"})
    void isRemote_fileSystemOfAServer_isTrue(String type) {
        assertTrue(RemoteDisk.isRemote(type));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ext4", "xfs", "btrfs", "zfs", "tmpfs", "overlay", "fuseblk", "fuse.fuse-overlayfs"})
    void isRemote_fileSystemOfThisMachine_isFalse(String type) {
        assertFalse(RemoteDisk.isRemote(type));
    }

    @Test
    void refusal_ofAFolderThatIsMissing_isLeftToOthers() {
        assertEquals(Optional.empty(), RemoteDisk.refusal(folder.resolve("none")));
    }

    /** A FUSE file system stands in for a server's. */
    @Test
    @Tag("root")
    void start_onRemoteDisk_isRefusedUnlessAllowed() throws Exception {
        Path root = folder.toRealPath();
        Path mount = root.resolve("mount");
        Path source = Files.createDirectory(root.resolve("source"));
        try (SlowStorage _ = SlowStorage.mount(source, mount, Files.createDirectory(root.resolve("work")), 0)) {
            assertEquals(ExitCode.CONFIG, exit(root, mount, "is not on a local disk, but on "));
            assertEquals(ExitCode.CONFIG, exit(root, mount, "(fuse"));
            // That file system cannot be written, which is found out only after this has been let pass.
            assertEquals(ExitCode.CANNOT_WRITE, exit(root, mount, "cannot", "allow_remote_cache = true"));
        }
    }

    private static int exit(Path root, Path cache, String said, String... lines) throws Exception {
        Path home = Files.createTempDirectory(root, "home");
        Path config = Files.write(home.resolve("daemon.conf"), List.of(lines));
        try (Child daemon = Child.start(home, List.of(), Main.class,
                List.of("--config", config.toString(), cache.toString()))) {
            int status = daemon.awaitExit(Duration.ofSeconds(30));
            assertTrue(daemon.output().contains(said), daemon::output);
            return status;
        }
    }
}
