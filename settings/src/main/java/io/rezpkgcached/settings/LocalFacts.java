package io.rezpkgcached.settings;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Facts about this computer, found where Python finds them. */
final class LocalFacts {

    private LocalFacts() {}

    static Map<String, Supplier<String>> sources() {
        return Map.of("platform", LocalFacts::platform, "arch", LocalFacts::arch, "os", OsName::local, "user",
                () -> System.getProperty("user.name"), "hostname", LocalFacts::hostname, "fqdn", LocalFacts::fqdn);
    }

    private static String platform() {
        String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        return name.startsWith("mac") ? "osx" : name.startsWith("windows") ? "windows" : "linux";
    }

    /** What {@code uname -m} prints, of which Java keeps only a name of its own. */
    private static String arch() {
        return line(Path.of("/proc/sys/kernel/arch")).orElseGet(() -> {
            String arch = System.getProperty("os.arch");
            return arch.equals("amd64") ? "x86_64" : arch;
        });
    }

    private static String hostname() {
        return line(Path.of("/proc/sys/kernel/hostname")).orElseGet(() -> {
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException e) {
                return "localhost";
            }
        });
    }

    private static String fqdn() {
        String hostname = hostname();
        try {
            InetAddress address = InetAddress.getByName(hostname);
            String full = address.getCanonicalHostName();
            return full.equals(address.getHostAddress()) ? hostname : full;
        } catch (UnknownHostException e) {
            // Python's getfqdn gives the plain name then.
            return hostname;
        }
    }

    private static Optional<String> line(Path file) {
        try {
            return Optional.of(Files.readString(file, StandardCharsets.UTF_8).strip());
        } catch (IOException e) {
            // Not Linux, or an older one: there is another way.
            return Optional.empty();
        }
    }
}
