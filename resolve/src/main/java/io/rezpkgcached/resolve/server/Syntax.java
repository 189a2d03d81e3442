package io.rezpkgcached.resolve.server;

import java.util.regex.Pattern;

/** How addresses of servers are written. */
final class Syntax {
    static final String UNIX = "unix:";
    static final Pattern IPV6 = Pattern.compile("inet6:\\[([^\\[\\]]+)](?::([0-9]{1,5}))?");
    static final Pattern IPV4 = Pattern.compile("(?:inet:)?([^:]+)(?::([0-9]{1,5}))?");
    static final int USUAL_PORT = 11211;
    static final int LARGEST_PORT = 65535;

    private Syntax() {}
}
