package io.rezpkgcached.resolve.server;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a server listens, as an entry of {@code memcached_uri} names it: {@code host:port}, {@code inet:host:port} or
 * {@code inet6:[host]:port}.
 *
 * @param text as it was written
 */
public record ServerAddress(String text, String host, int port, boolean isIpv6) {
    private static final int USUAL_PORT = 11211;
    private static final int LARGEST_PORT = 65535;
    private static final Pattern IPV6 = Pattern.compile("inet6:\\[([^\\[\\]]+)](?::([0-9]{1,5}))?");
    private static final Pattern IPV4 = Pattern.compile("(?:inet:)?([^:]+)(?::([0-9]{1,5}))?");

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException if rez could not read it either, or it is a Unix socket; the message is for a person
     */
    public static ServerAddress parse(String text) {
        if (text.startsWith("unix:")) {
            throw new IllegalArgumentException("memcached_uri names " + text
                    + ": servers at Unix sockets are not supported; have memcached listen on 127.0.0.1");
        }
        Matcher six = IPV6.matcher(text);
        Matcher four = IPV4.matcher(text);
        Matcher match = six.matches() ? six : four;
        if (!match.matches()) {
            throw new IllegalArgumentException(
                    "memcached_uri has \"" + text + "\", which is no address: write host:port");
        }
        int port = Optional.ofNullable(match.group(2)).map(Integer::parseInt).orElse(USUAL_PORT);
        if (port > LARGEST_PORT) {
            throw new IllegalArgumentException(
                    "memcached_uri has \"" + text + "\", which has no such port: write host:port");
        }
        return new ServerAddress(text, match.group(1), port, match == six);
    }

    /** As rez's statistics name it, without the weight. */
    public String shown() {
        return (isIpv6 ? "[" + host + "]" : host) + ":" + port;
    }
}
