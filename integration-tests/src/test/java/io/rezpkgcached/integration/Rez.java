package io.rezpkgcached.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

/** The commands of a real rez, or of an overlay over them. */
record Rez(Path bin) {
    /** The file by which rez knows a folder as that of its own commands, and starts {@code rez-pkg-cache} from there. */
    private static final String PRODUCTION_MARK = ".rez_production_install";
    private static final String PKG_CACHE = "rez-pkg-cache";

    /** The one that the environment names. */
    static Rez real() {
        String bin = System.getenv("REZ_BIN");
        assertNotNull(bin, "REZ_BIN must name the folder of rez's commands, the one that holds rez-env");
        return new Rez(Path.of(bin));
    }

    String command(String name) {
        return bin.resolve(name).toString();
    }

    /** The same rez, whose contexts start a {@code rez-pkg-cache} that does nothing. */
    Rez withoutItsDaemon(Path folder) throws IOException, InterruptedException {
        Rez overlay = overlay(folder);
        write(overlay.bin.resolve(PKG_CACHE), "#!/bin/sh\nexit 0\n");
        return overlay;
    }

    /** The same rez with another {@code rez-pkg-cache}, linked over its own as an administrator does it. */
    Rez withPkgCache(Path folder, Path command) throws IOException, InterruptedException {
        Rez overlay = overlay(folder);
        Files.createSymbolicLink(overlay.bin.resolve(PKG_CACHE), command);
        return overlay;
    }

    /** The same rez in a folder that may be changed, whole. */
    Rez copy(Path folder) throws IOException, InterruptedException {
        Rez overlay = overlay(folder);
        overlay.upgrade();
        return overlay;
    }

    /** Puts rez's own {@code rez-pkg-cache} and {@code rez-memcache} there, as an upgrade of rez does. */
    void upgrade() throws IOException {
        for (String name : List.of(PKG_CACHE, "rez-memcache")) {
            Files.deleteIfExists(bin.resolve(name));
            copy(name, real().bin);
        }
    }

    /** Commands without those that ours replace, by a link to rez's modules in a folder laid out like an installation. */
    private Rez overlay(Path folder) throws IOException, InterruptedException {
        Run modules = Run.of(bin, Map.of("PATH", "/usr/bin:/bin"),
                List.of(command("rez-python"), "-c", "import rez; print(rez.__path__[0])"));
        assertEquals(0, modules.status(), modules.toString());
        Path packages = Files.createDirectories(folder.resolve("lib/python"));
        Files.createSymbolicLink(packages.resolve("rez"), Path.of(modules.out().strip()));
        Path overlay = Files.createDirectories(folder.resolve("bin/rez"));
        Files.createFile(overlay.resolve(PRODUCTION_MARK));
        Rez rez = new Rez(overlay);
        for (String name : List.of("rez-env", "rez-python", "rez-selftest")) {
            rez.copy(name, bin);
        }
        return rez;
    }

    /** A command that finds rez's modules from here. */
    private void copy(String name, Path from) throws IOException {
        String script = Files.readString(from.resolve(name));
        int first = script.indexOf('\n') + 1;
        Path packages = bin.getParent().getParent().resolve("lib/python");
        write(bin.resolve(name), script.substring(0, first) + "import sys; sys.path.insert(0, '" + packages + "')\n"
                + script.substring(first));
    }

    private static void write(Path script, String text) throws IOException {
        Files.writeString(script, text);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
