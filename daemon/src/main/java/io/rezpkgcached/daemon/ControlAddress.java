package io.rezpkgcached.daemon;

import io.rezpkgcached.cache.handle.Sha1;
import io.rezpkgcached.cache.posix.Posix;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Where the socket of a cache lies: in the runtime folder of the daemon's user, since a socket's path may have 107 bytes only,
 * and a cache's may be longer.
 */
final class ControlAddress {
    /** {@code sun_path} of {@code sockaddr_un} has 108 bytes, the last of which is zero. */
    private static final int LONGEST = 107;

    private static final int NAME_DIGITS = 16;
    private static final String ENDING = ".sock";
    private static final String FOLDER = "rez-pkg-cached";

    /** From the making of a socket until somebody listens there takes a moment. */
    private static final Duration BEFORE_IT_LISTENS = Duration.ofMinutes(1);

    private ControlAddress() {}

    /**
     * The path of the socket, in the first folder that is fit for it; that is made where it is missing.
     *
     * @param forAll whether every user is to come to it, which a folder of a login session keeps others from
     * @throws IOException that says why there is none
     */
    static Path of(Path cache, Map<String, String> variables, Path temporary, boolean forAll) throws IOException {
        List<String> reasons = new ArrayList<>();
        for (Path folder : folders(variables, temporary, forAll)) {
            Path socket = folder.resolve(name(cache));
            if (socket.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST) {
                reasons.add(folder + " has too long a path");
                continue;
            }
            try {
                make(folder, forAll);
                sweep(folder);
                return socket;
            } catch (IOException e) {
                reasons.add(e.toString());
            }
        }
        throw new IOException("no folder for the control socket: " + String.join("; ", reasons));
    }

    private static List<Path> folders(Map<String, String> variables, Path temporary, boolean forAll) {
        List<Path> folders = new ArrayList<>();
        String service = variables.getOrDefault("RUNTIME_DIRECTORY", "");
        if (!service.isEmpty()) {
            int colon = service.indexOf(':');
            folders.add(Path.of(colon < 0 ? service : service.substring(0, colon)));
        }
        String session = variables.getOrDefault("XDG_RUNTIME_DIR", "");
        if (!session.isEmpty() && !forAll) {
            folders.add(Path.of(session, FOLDER));
        }
        Path ofUser = Path.of("/run/user", Integer.toString(Posix.geteuid()));
        if (Files.isWritable(ofUser) && !forAll) {
            folders.add(ofUser.resolve(FOLDER));
        }
        folders.add(temporary.resolve(FOLDER + "-" + Posix.geteuid()));
        return folders;
    }

    /** Anyone may have made a folder of that name in a temporary one. */
    private static void make(Path folder, boolean forAll) throws IOException {
        try {
            Files.createDirectory(folder,
                    PosixFilePermissions
                            .asFileAttribute(PosixFilePermissions.fromString(forAll ? "rwxr-xr-x" : "rwx------")));
        } catch (FileAlreadyExistsException _) {
            boolean ours = Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                    && Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS)
                            .equals(Posix.geteuid());
            if (!ours || PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)).charAt(7) == 'w') {
                throw new IOException(folder + " is not ours alone");
            }
        }
    }

    /** Deletes what killed daemons left: sockets of ours at which nobody listens. */
    private static void sweep(Path folder) throws IOException {
        Instant old = Instant.now().minus(BEFORE_IT_LISTENS);
        try (DirectoryStream<Path> sockets = Files.newDirectoryStream(folder, "*" + ENDING)) {
            for (Path socket : sockets) {
                try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
                    // of a daemon that lives
                } catch (ConnectException _) {
                    if (Files.getLastModifiedTime(socket, LinkOption.NOFOLLOW_LINKS).toInstant().isBefore(old)) {
                        Files.deleteIfExists(socket);
                    }
                } catch (IOException _) {
                    // has gone, or is none that we may ask
                }
            }
        }
    }

    private static String name(Path cache) throws IOException {
        return Sha1.hex(cache.toRealPath().toString()).substring(0, NAME_DIGITS) + ENDING;
    }
}
