package io.rezpkgcached.cache.testing;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A Unix socket for datagrams, as a service manager or the journal has one; keeps all that came. */
public final class DatagramReceiver implements AutoCloseable {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int LONGEST = 1 << 17;

    private static final MethodHandle SOCKET = function("socket",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle BIND = function("bind",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle RECV = function("recv",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private final int fd;
    private final List<byte[]> received = new ArrayList<>();

    private DatagramReceiver(int fd) {
        this.fd = fd;
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, FunctionDescriptor shape) {
        return Linker.nativeLinker().downcallHandle(Linker.nativeLinker().defaultLookup().findOrThrow(name), shape);
    }

    /**
     * Begins to listen.
     *
     * @param address a path, or {@code @} and a name of the abstract namespace
     */
    public static DatagramReceiver at(String address) {
        byte[] text = (address.startsWith("@") ? address.replaceFirst("@", "\0") : address + "\0")
                .getBytes(StandardCharsets.UTF_8);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(Short.BYTES + text.length);
            name.set(JAVA_SHORT, 0, (short) AF_UNIX);
            MemorySegment.copy(text, 0, name, JAVA_BYTE, Short.BYTES, text.length);
            int fd = (int) SOCKET.invokeExact(AF_UNIX, SOCK_DGRAM, 0);
            if ((int) BIND.invokeExact(fd, name, (int) name.byteSize()) != 0) {
                throw new AssertionError("cannot bind " + address);
            }
            return new DatagramReceiver(fd);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** All that came until now, oldest first. */
    public synchronized List<byte[]> received() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(LONGEST);
            long length = (long) RECV.invokeExact(fd, buffer, (long) LONGEST, MSG_DONTWAIT);
            while (length >= 0) {
                received.add(buffer.asSlice(0, length).toArray(JAVA_BYTE));
                length = (long) RECV.invokeExact(fd, buffer, (long) LONGEST, MSG_DONTWAIT);
            }
            return List.copyOf(received);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** The same as text. */
    public List<String> texts() {
        return received().stream().map(bytes -> new String(bytes, StandardCharsets.UTF_8)).toList();
    }

    @Override
    public void close() {
        try {
            int _ = (int) CLOSE.invokeExact(fd);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
