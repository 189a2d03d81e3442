package io.rezpkgcached.settings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Names the operating system as rez does on Linux: {@code <distributor>-<release>} from {@code /etc/lsb-release}, the program
 * {@code lsb_release} or {@code /etc/os-release}, each asked only for what those before left open.
 */
record OsName(Optional<String> distributor, Optional<String> release) {

    static String local() {
        OsName name = new OsName(Optional.empty(), Optional.empty())
                .or(read(Path.of("/etc/lsb-release")), "DISTRIB_ID=", "DISTRIB_RELEASE=");
        if (!name.isComplete()) {
            name = name.or(lsbRelease(), "Distributor ID:", "Release:");
        }
        if (!name.isComplete()) {
            name = name.or(read(Path.of("/etc/os-release")), "ID=", "VERSION_ID=");
        }
        String distributor = name.distributor.orElseGet(() -> System.getProperty("os.name"));
        return name.release.map(release -> distributor + "-" + release).orElse(distributor);
    }

    boolean isComplete() {
        return distributor.isPresent() && release.isPresent();
    }

    /** This, completed from the lines of a text that start with the keys; of several, the last counts. */
    OsName or(String text, String distributorKey, String releaseKey) {
        return new OsName(distributor.or(() -> last(text, distributorKey)), release.or(() -> last(text, releaseKey)));
    }

    private static Optional<String> last(String text, String key) {
        return text.lines().filter(line -> line.startsWith(key))
                .map(line -> unquoted(line.substring(key.length()).strip()))
                .reduce((_, later) -> later).filter(value -> !value.isEmpty());
    }

    private static String unquoted(String text) {
        boolean quoted = text.length() > 1 && ((text.startsWith("'") && text.endsWith("'"))
                || (text.startsWith("\"") && text.endsWith("\"")));
        return quoted ? text.substring(1, text.length() - 1) : text;
    }

    private static String read(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + " to name the operating system", e);
        }
    }

    private static String lsbRelease() {
        try {
            Process process = new ProcessBuilder("/usr/bin/env", "lsb_release", "-a")
                    .redirectError(ProcessBuilder.Redirect.DISCARD).start();
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? text : "";
        } catch (IOException e) {
            // No such program: the files decide.
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
