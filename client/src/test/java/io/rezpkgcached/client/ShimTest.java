package io.rezpkgcached.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.testing.Child;
import io.rezpkgcached.cache.testing.Unprivileged;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ShimTest {
    private static final String REZ = """
            #!/opt/rez/bin/python -E
            from rez.cli._entry_points import run_rez_pkg_cache
            """;
    private static final String MEMCACHE_OF_REZ = "from rez.cli._entry_points import run_rez_memcache\n";
    private static final String NEWER_REZ = REZ + "# newer\n";

    @TempDir
    private Path folder;
    private Path bin;
    private Path command;
    private Path kept;
    private Path launcher;

    @BeforeEach
    void makesAnInstallOfRezAndOneOfOurs() throws IOException {
        bin = Files.createDirectories(folder.resolve("rez/bin/rez"));
        Files.createFile(bin.resolve(".rez_production_install"));
        command = Files.writeString(bin.resolve("rez-pkg-cache"), REZ);
        Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwxr-xr-x"));
        kept = bin.resolve("rez-pkg-cache.rez");
        launcher = launcher("ours");
    }

    private Path launcher(String home) throws IOException {
        Path launchers = Files.createDirectories(folder.resolve(home).resolve("bin"));
        Files.createFile(launchers.resolve("rez-pkg-cached"));
        return Files.createFile(launchers.resolve("rez-pkg-cache"));
    }

    private Set<String> names() throws IOException {
        try (var files = Files.list(bin)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private String refusal(Path given) {
        return assertThrows(IOException.class, () -> Shim.in(given, Program.PKG_CACHE).install(launcher)).getMessage();
    }

    @Test
    void install_overRezsOwn_keepsItWithItsMode() throws IOException {
        assertEquals(Shim.Outcome.DONE, Shim.in(bin, Program.PKG_CACHE).install(launcher));
        assertEquals(launcher, Files.readSymbolicLink(command));
        assertEquals(REZ, Files.readString(kept));
        assertEquals("rwxr-xr-x", PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)));
        assertEquals(Set.of(".rez_production_install", "rez-pkg-cache", "rez-pkg-cache.rez"), names());
    }

    @Test
    void install_again_changesNothing() throws IOException {
        Shim.in(bin, Program.PKG_CACHE).install(launcher);
        assertEquals(Shim.Outcome.NOT_NEEDED, Shim.in(bin, Program.PKG_CACHE).install(launcher));
        assertEquals(REZ, Files.readString(kept));
    }

    @Test
    void install_whereAnotherInstallationStands_replacesItAndKeepsRezsOwn() throws IOException {
        Shim.in(bin, Program.PKG_CACHE).install(launcher("older"));
        assertEquals(Shim.Outcome.DONE, Shim.in(bin, Program.PKG_CACHE).install(launcher));
        assertEquals(launcher, Files.readSymbolicLink(command));
        assertEquals(REZ, Files.readString(kept));
    }

    @Test
    void install_whereTheInstallationBehindTheLinkIsGone_replacesIt() throws IOException {
        Path older = launcher("older");
        Shim.in(bin, Program.PKG_CACHE).install(older);
        Files.delete(older);
        assertEquals(Shim.Outcome.DONE, Shim.in(bin, Program.PKG_CACHE).install(launcher));
        assertEquals(launcher, Files.readSymbolicLink(command));
    }

    /** rez's installation removes the whole folder, and pip writes over single files. */
    @Test
    void install_afterAnUpgradeOfRez_keepsTheNewerOne() throws IOException {
        Shim.in(bin, Program.PKG_CACHE).install(launcher);
        Files.delete(command);
        Files.writeString(command, NEWER_REZ);
        assertEquals(Shim.Outcome.DONE, Shim.in(bin, Program.PKG_CACHE).install(launcher));
        assertEquals(NEWER_REZ, Files.readString(kept));
        assertEquals(Shim.Outcome.DONE, Shim.in(bin, Program.PKG_CACHE).undo());
        assertEquals(NEWER_REZ, Files.readString(command));
    }

    @Test
    void install_afterOneThatWasKilled_isWhole() throws IOException {
        Files.writeString(bin.resolve("rez-pkg-cache.rez.new"), "half");
        Files.createSymbolicLink(bin.resolve("rez-pkg-cache.new"), Path.of("half"));
        assertEquals(Shim.Outcome.DONE, Shim.in(bin, Program.PKG_CACHE).install(launcher));
        assertEquals(Set.of(".rez_production_install", "rez-pkg-cache", "rez-pkg-cache.rez"), names());
        assertEquals(REZ, Files.readString(kept));
    }

    @Test
    void undo_afterInstall_leavesAllAsItWas() throws IOException {
        Shim.in(bin, Program.PKG_CACHE).install(launcher);
        assertEquals(Shim.Outcome.DONE, Shim.in(bin, Program.PKG_CACHE).undo());
        assertEquals(REZ, Files.readString(command));
        assertEquals(Set.of(".rez_production_install", "rez-pkg-cache"), names());
        assertEquals(Shim.Outcome.NOT_NEEDED, Shim.in(bin, Program.PKG_CACHE).undo());
    }

    @Test
    void undo_afterAnUpgradeOfRez_leavesTheNewerOneAlone() throws IOException {
        Shim.in(bin, Program.PKG_CACHE).install(launcher);
        Files.delete(command);
        Files.writeString(command, NEWER_REZ);
        assertEquals(Shim.Outcome.DONE, Shim.in(bin, Program.PKG_CACHE).undo());
        assertEquals(NEWER_REZ, Files.readString(command));
        assertEquals(Set.of(".rez_production_install", "rez-pkg-cache"), names());
    }

    @Test
    void undo_whereTheKeptOneIsGone_saysSoAndLeavesOurs() throws IOException {
        Shim.in(bin, Program.PKG_CACHE).install(launcher);
        Files.delete(kept);
        String message = assertThrows(IOException.class, () -> Shim.in(bin, Program.PKG_CACHE).undo()).getMessage();
        assertTrue(message.endsWith(" is gone, so rez's own command cannot be put back: install rez again"), message);
        assertEquals(launcher, Files.readSymbolicLink(command));
    }

    @Test
    void install_inAnotherFolder_isRefusedAndSaysWhichWasMeant() throws IOException {
        String ending = " is not the folder of the commands of a production install of rez: it holds no"
                + " .rez_production_install; did you mean " + bin + "?";
        for (Path above : List.of(bin.getParent(), folder.resolve("rez"))) {
            assertEquals(above + ending, refusal(above));
        }
        assertEquals("no such folder: " + folder.resolve("none"), refusal(folder.resolve("none")));
        assertEquals("not a folder: " + launcher, refusal(launcher));
    }

    @Test
    void install_overWhatIsNotRezs_isRefused() throws IOException {
        String refused = command + " is neither rez's command nor ours: left as it is";
        Files.writeString(command, "#!/bin/sh\nexec something else\n");
        assertEquals(refused, refusal(bin));
        Files.delete(command);
        Files.createSymbolicLink(command, Path.of("/bin/true"));
        assertEquals(refused, refusal(bin));
        Files.delete(command);
        assertEquals("no rez-pkg-cache in " + bin + ": rez is not whole there; install rez again", refusal(bin));
        assertEquals(Set.of(".rez_production_install"), names());
    }

    private static Child.Ended installShim(Path home, String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of(home.toString()));
        all.addAll(List.of(words));
        return Child.run(Child.java(InstallShim.class, all.toArray(String[]::new)), Map.of(), new byte[0]);
    }

    @Test
    void command_bothPrograms_inOneGoAndBack() throws Exception {
        Path home = folder.resolve("ours").toRealPath();
        Path memcache = bin.resolve("rez-memcache");
        Files.writeString(memcache, MEMCACHE_OF_REZ);
        Path ours = Files.createFile(home.resolve("bin/rez-memcache"));
        String done = command + " is now " + launcher.toRealPath() + "; rez's own is kept as " + kept + "\n" + memcache
                + " is now " + ours + "; rez's own is kept as " + memcache + ".rez\n";
        assertEquals(new Child.Ended(0, done, ""), installShim(home, bin.toString()));
        assertEquals(MEMCACHE_OF_REZ, Files.readString(bin.resolve("rez-memcache.rez")));
        assertEquals(ours, Files.readSymbolicLink(memcache));
        // An upgrade of rez that has written over one of them.
        Files.delete(memcache);
        Files.writeString(memcache, MEMCACHE_OF_REZ + "# newer\n");
        assertEquals(0, installShim(home, bin.toString()).exitCode());
        assertEquals(0, installShim(home, "--undo", bin.toString()).exitCode());
        assertEquals(MEMCACHE_OF_REZ + "# newer\n", Files.readString(memcache));
        assertEquals(REZ, Files.readString(command));
        assertEquals(Set.of(".rez_production_install", "rez-memcache", "rez-pkg-cache"), names());
    }

    @Test
    void command_whereOneIsNotRezs_changesNeither() throws Exception {
        Path memcache = Files.writeString(bin.resolve("rez-memcache"), "#!/bin/sh\n");
        for (String[] words : new String[][]{{bin.toString()}, {"--undo", bin.toString()}}) {
            assertEquals(new Child.Ended(1, "",
                    "rez-pkg-cache: " + memcache + " is neither rez's command nor ours: left as it is\n"),
                    installShim(folder.resolve("ours"), words));
        }
        assertEquals(REZ, Files.readString(command));
    }

    @Test
    void command_whereItMayNotWrite_saysSoInOneLine() throws Exception {
        Files.writeString(bin.resolve("rez-memcache"), MEMCACHE_OF_REZ);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Unprivileged.Outcome outcome = Unprivileged.run(InstallShim.class, folder.resolve("ours").toString(),
                bin.toString());
        assertEquals(new Unprivileged.Outcome(1,
                "rez-pkg-cache: permission denied: " + bin.resolve("rez-pkg-cache.rez.new") + "\n"), outcome);
        assertEquals(REZ, Files.readString(command));
    }

    /** The command, as started by a launcher. */
    static final class InstallShim {
        private InstallShim() {}

        public static void main(String[] words) {
            System.setProperty("rez-pkg-cached.home", words[0]);
            String[] command = words.clone();
            command[0] = "install-shim";
            Main.main(command);
        }
    }
}
