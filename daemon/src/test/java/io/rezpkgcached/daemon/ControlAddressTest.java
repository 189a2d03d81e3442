package io.rezpkgcached.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where sockets lie. */
final class ControlAddressTest {
    @TempDir
    private Path folder;

    private static ServerSocketChannel listen(Path socket, Instant since) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Files.setLastModifiedTime(socket, FileTime.from(since));
        return server;
    }

    @Test
    void of_folderWithSocketsOfKilledDaemons_deletesTheseAlone() throws Exception {
        ControlAddress.of(folder, Map.of("XDG_RUNTIME_DIR", folder.toString()), folder, false);
        Path sockets = folder.resolve("rez-pkg-cached");
        Instant old = Instant.now().minusSeconds(600);
        listen(sockets.resolve("killed.sock"), old).close(); // leaves its file, as a killed process does
        listen(sockets.resolve("young.sock"), Instant.now()).close();
        Files.createFile(sockets.resolve("other"));
        try (ServerSocketChannel _ = listen(sockets.resolve("alive.sock"), old)) {
            ControlAddress.of(folder, Map.of("XDG_RUNTIME_DIR", folder.toString()), folder, false);
            assertEquals(Set.of("alive.sock", "young.sock", "other"), Lab.names(sockets));
        }
    }
}
