package io.rezpkgcached.daemon;

import java.nio.file.Path;

/** The drop-in that lets the systemd unit write one cache; the unit itself lets it write none but that of the package. */
final class DropIn {
    private DropIn() {}

    static String of(Path cache) {
        String path = cache.toAbsolutePath().normalize().toString();
        return """
                # Written by rez-pkg-cached --print-drop-in; to be written anew when the setting cache_packages_path changes.
                [Unit]
                RequiresMountsFor=%1$s
                [Service]
                ReadWritePaths=%2$s
                """
                .formatted(quoted(path), quoted("-" + path)); // it may be missing when the unit starts
    }

    /** systemd.syntax(7): blanks separate, quotes and backslashes are its own, and so is the per cent sign. */
    private static String quoted(String plain) {
        String text = plain.replace("%", "%%");
        boolean isPlain = text.chars().noneMatch(each -> each <= ' ' || each == '"' || each == '\'' || each == '\\');
        return isPlain ? text : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }
}
