package io.rezpkgcached.settings;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Our configuration file where none is named: {@code conf/rez-pkg-cached.conf} in the folder of the installation. */
public final class InstalledFile {
    /** Set by the launchers to the folder that they were started from. */
    private static final String HOME = "rez-pkg-cached.home";

    private InstalledFile() {}

    /** The folder of the installation; empty where the program was not started by its launcher. */
    public static Optional<Path> home() {
        return Optional.ofNullable(System.getProperty(HOME)).map(Path::of);
    }

    /** The file that is given, else the installed one; empty if there is none. */
    public static Optional<Path> or(Optional<Path> given) {
        return given.or(() -> home().map(home -> home.resolve("conf/rez-pkg-cached.conf")).filter(Files::exists));
    }
}
