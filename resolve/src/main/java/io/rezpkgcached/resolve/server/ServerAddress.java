package io.rezpkgcached.resolve.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;

/**
 * Where a server listens, as an entry of {@code memcached_uri} names it: {@code host:port}, {@code inet:host:port},
 * {@code inet6:[host]:port} or {@code unix:path}. Source: {@code _Host} of the python-memcached 1.59 that rez carries.
 */
public sealed interface ServerAddress {

    /** As it was written. */
    String text();

    /** As rez's statistics name it, without the weight. */
    String shown();

    /**
     * Where that is now; a name is looked up, which can take long.
     *
     * @throws IOException if it has no such place
     */
    SocketAddress place() throws IOException;

    /** A port of a host. */
    record Tcp(String text, String host, int port, boolean isIpv6) implements ServerAddress {
        @Override
        public String shown() {
            return (isIpv6 ? "[" + host + "]" : host) + ":" + port;
        }

        @Override
        public InetSocketAddress place() throws IOException {
            try {
                return new InetSocketAddress(InetAddress.getByName(host), port);
            } catch (UnknownHostException e) {
                throw new IOException("there is no host " + host, e);
            }
        }
    }

    /** A socket in the file system. */
    record Unix(String text, Path path) implements ServerAddress {
        @Override
        public String shown() {
            return text;
        }

        @Override
        public UnixDomainSocketAddress place() {
            return UnixDomainSocketAddress.of(path);
        }
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException if rez could not read it either; the message is for a person
     */
    static ServerAddress parse(String text) {
        if (text.startsWith(Syntax.UNIX)) {
            String path = text.substring(Syntax.UNIX.length());
            if (path.isEmpty()) {
                throw new IllegalArgumentException(
                        "memcached_uri has \"" + text + "\", which names no socket: write unix:/path");
            }
            return new Unix(text, Path.of(path));
        }
        Matcher six = Syntax.IPV6.matcher(text);
        Matcher four = Syntax.IPV4.matcher(text);
        Matcher match = six.matches() ? six : four;
        if (!match.matches()) {
            throw new IllegalArgumentException(
                    "memcached_uri has \"" + text + "\", which is no address: write host:port");
        }
        int port = Optional.ofNullable(match.group(2)).map(Integer::parseInt).orElse(Syntax.USUAL_PORT);
        if (port > Syntax.LARGEST_PORT) {
            throw new IllegalArgumentException(
                    "memcached_uri has \"" + text + "\", which has no such port: write host:port");
        }
        return new Tcp(text, match.group(1), port, match == six);
    }
}
