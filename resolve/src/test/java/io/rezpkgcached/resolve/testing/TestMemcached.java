package io.rezpkgcached.resolve.testing;

import io.rezpkgcached.cache.testing.Until;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A memcached on loopback, which is killed when the test ends. */
public final class TestMemcached implements AutoCloseable {
    private final int port;
    private final List<String> options;
    private Process process;

    private TestMemcached(int port, List<String> options) throws Exception {
        this.port = port;
        this.options = options;
        restart();
    }

    /** Starts one at a port that is free, with options of its own. */
    public static TestMemcached start(String... options) throws Exception {
        return new TestMemcached(freePort(), List.of(options));
    }

    /** A port of loopback where nothing listens. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Starts it again at the same port; it has forgotten everything. */
    public void restart() throws Exception {
        List<String> command = new ArrayList<>(
                List.of("memcached", "-l", "127.0.0.1", "-p", String.valueOf(port), "-U", "0", "-a", "0777", "-u",
                        "nobody"));
        command.addAll(options);
        process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Until.holds("memcached listens at " + port, this::listens);
    }

    /** Where it listens at a socket it listens at no port. */
    private Optional<Path> socket() {
        int option = options.indexOf("-s");
        return option < 0 ? Optional.empty() : Optional.of(Path.of(options.get(option + 1)));
    }

    private boolean listens() {
        try (SocketChannel _ = SocketChannel.open(socket().<SocketAddress>map(UnixDomainSocketAddress::of)
                .orElseGet(() -> new InetSocketAddress(InetAddress.getLoopbackAddress(), port)))) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /** As {@code memcached_uri} names it. */
    public String uri() {
        return "127.0.0.1:" + port;
    }

    public int port() {
        return port;
    }

    public long pid() {
        return process.pid();
    }

    /** Stops it, so that it still listens and never answers; or lets it go on. */
    public void signal(String name) throws Exception {
        new ProcessBuilder("kill", "-" + name, String.valueOf(pid())).inheritIO().start().waitFor();
        if (name.equals("STOP")) { // its threads stop one by one, and one of them may still answer
            Until.holds("all threads have stopped", this::isStopped);
        }
    }

    private boolean isStopped() throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid() + "/task"))) {
            for (Path thread : threads.toList()) {
                String stat = Files.readString(thread.resolve("stat"));
                if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
                    return false;
                }
            }
        }
        return true;
    }

    /** Kills it. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
