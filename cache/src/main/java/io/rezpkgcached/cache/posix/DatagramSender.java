package io.rezpkgcached.cache.posix;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Sends datagrams to one Unix socket, which Java offers only for streams.
 *
 * <p>Each datagram finds the socket anew, so a receiver may be started again meanwhile. May be used by several threads.
 */
public final class DatagramSender implements AutoCloseable {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOL_SOCKET = 1;
    private static final int SO_SNDTIMEO = 21;
    private static final int MSG_NOSIGNAL = 0x4000;

    /** {@code sun_path} of {@code sockaddr_un}; its family comes before it. */
    private static final int LONGEST = 108;

    private static final int FAMILY_BYTES = Short.BYTES;

    private final int fd;
    private final Path name;
    private final byte[] address;

    private DatagramSender(int fd, Path name, byte[] address) {
        this.fd = fd;
        this.name = name;
        this.address = address;
    }

    /**
     * Makes a sender; nothing is sent yet, and the socket need not exist.
     *
     * @param address absolute path of a socket, or {@code @} and a name of the abstract namespace
     * @param patience how long a send may wait for a receiver that does not read
     * @throws IOException if it is no such address, or too long
     */
    public static DatagramSender to(String address, Duration patience) throws IOException {
        byte[] text = address.getBytes(StandardCharsets.UTF_8);
        boolean isAbstract = address.startsWith("@");
        if (!isAbstract && !address.startsWith("/")) {
            throw new IOException("not the address of a socket: " + address);
        }
        // An abstract name begins with a zero and has none at its end; a path ends with one.
        int length = isAbstract ? text.length : text.length + 1;
        if (length > LONGEST) {
            throw new IOException("longer than the address of a socket can be: " + address);
        }
        byte[] path = new byte[length];
        System.arraycopy(text, 0, path, 0, text.length);
        if (isAbstract) {
            path[0] = 0;
        }
        Path name = Path.of(address);
        int fd = (int) PosixException.check(LibC.socket(AF_UNIX, SOCK_DGRAM | LibC.O_CLOEXEC), "make a socket for",
                name);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment time = arena.allocate(ValueLayout.JAVA_LONG, 2);
            time.setAtIndex(ValueLayout.JAVA_LONG, 0, patience.toSeconds());
            time.setAtIndex(ValueLayout.JAVA_LONG, 1, patience.toNanosPart() / 1000);
            PosixException.check(LibC.setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, time), "limit the time to send to", name);
        } catch (IOException e) {
            LibC.close(fd);
            throw e;
        }
        return new DatagramSender(fd, name, path);
    }

    /**
     * Sends one.
     *
     * @throws PosixException if nobody receives there, or does not in time ({@code EAGAIN}), or it is too long for a datagram
     */
    public void send(byte[] data) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment to = arena.allocate(FAMILY_BYTES + address.length);
            to.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
            MemorySegment.copy(address, 0, to, ValueLayout.JAVA_BYTE, FAMILY_BYTES, address.length);
            PosixException.check(LibC.sendto(fd, arena.allocateFrom(ValueLayout.JAVA_BYTE, data), MSG_NOSIGNAL, to),
                    "send to", name);
        }
    }

    @Override
    public void close() {
        LibC.close(fd);
    }
}
