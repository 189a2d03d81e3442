package io.rezpkgcached.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The units as systemd reads them, without one that runs. */
@Tag("root") // as such ./check installs what reads them
class UnitsTest {
    private static final Path SYSTEMD = Path.of(System.getProperty("project.folder"), "systemd");
    private static final Pattern SCORE = Pattern.compile("Overall exposure level for .*: ([0-9.]+) ");

    @TempDir
    Path folder;

    /** A unit as it is installed, but with the programs of the build; one of an instance has one. */
    private Path installed(Path unit) throws IOException {
        String text = Files.readString(unit).replace("/usr/lib/rez-pkg-cached",
                Distribution.built().folder().toString());
        return Files.writeString(folder.resolve(unit.getFileName().toString().replace("@.", "@srv-cache.")), text);
    }

    private List<String> installed(String kind) throws IOException {
        List<String> units = new ArrayList<>();
        try (var files = Files.list(SYSTEMD.resolve(kind))) {
            for (Path file : files.sorted().toList()) {
                units.add(installed(file).toString());
            }
        }
        assertTrue(!units.isEmpty());
        return units;
    }

    private Run run(String... command) throws Exception {
        return Run.of(folder, Map.of("XDG_RUNTIME_DIR", folder.toString()), List.of(command));
    }

    /** It ends with 0 where it finds keys that it does not know; only what it prints tells. */
    private void assertVerified(List<String> options, List<String> units) throws Exception {
        List<String> command = new ArrayList<>(List.of("systemd-analyze", "verify", "--man=no"));
        command.addAll(options);
        command.addAll(units);
        Run verified = run(command.toArray(String[]::new));
        assertEquals("", verified.out() + verified.err());
        assertEquals(0, verified.status());
    }

    @Test
    void units_ofTheSystem_areVerified() throws Exception {
        assertVerified(List.of(), installed("system"));
    }

    @Test
    void units_ofUsers_areVerified() throws Exception {
        assertVerified(List.of("--user"), installed("user"));
    }

    @Test
    void unit_withAKeyThatThereIsNot_isNotVerified() throws Exception {
        Path unit = installed(SYSTEMD.resolve("system/rez-pkg-cached.service"));
        Files.writeString(unit, Files.readString(unit).replace("[Install]", "ReadWritePath=/x\n[Install]"));
        Run verified = run("systemd-analyze", "verify", "--man=no", unit.toString());
        assertTrue((verified.out() + verified.err()).contains("ReadWritePath"), verified::toString);
    }

    @ParameterizedTest
    @CsvSource({"'', 0.6", "memcached, 1.3", "in-use, 0.9", "memcached in-use, 1.7"})
    void score_ofSharedUnit_isWhatItsCommentsSay(String dropIns, double score) throws Exception {
        Path unit = installed(SYSTEMD.resolve("system/rez-pkg-cached.service"));
        StringBuilder text = new StringBuilder(Files.readString(unit));
        for (String name : dropIns.split(" ", -1)) {
            if (!name.isEmpty()) {
                text.append(Files.readString(SYSTEMD.resolve("drop-ins").resolve(name + ".conf")));
            }
        }
        Files.writeString(unit, text);
        Run security = run("systemd-analyze", "security", "--offline=true", "--no-pager", unit.toString());
        Matcher found = SCORE.matcher(security.out());
        assertTrue(found.find(), security::toString);
        assertTrue(Double.parseDouble(found.group(1)) <= score, security.out());
    }

    @Test
    void dropIn_ofAnOddCache_isReadBySystemd() throws Exception {
        Path unit = installed(SYSTEMD.resolve("system/rez-pkg-cached.service"));
        Run printed = run(Distribution.built().daemon().toString(), "--print-drop-in", "/srv/my \"100%\" cache");
        assertEquals(0, printed.status(), printed::toString);
        Files.writeString(unit, Files.readString(unit) + printed.out());
        assertVerified(List.of(), List.of(unit.toString()));
    }

    @Test
    void userAndFolders_areMadeForTheSharedCache() throws Exception {
        Path root = Files.createDirectory(folder.resolve("root"));
        Files.createDirectory(root.resolve("etc"));
        Run users = run("systemd-sysusers", "--root=" + root,
                SYSTEMD.resolve("sysusers.d/rez-pkg-cached.conf").toString());
        assertEquals(0, users.status(), users::toString);
        assertTrue(Files.readString(root.resolve("etc/passwd")).contains("rez-pkg-cached:"), users::toString);
        Run folders = run("systemd-tmpfiles", "--root=" + root, "--create",
                SYSTEMD.resolve("tmpfiles.d/rez-pkg-cached.conf").toString());
        assertEquals(0, folders.status(), folders::toString);
        assertTrue(Files.isDirectory(root.resolve("var/cache/rez-pkg-cached/packages")), folders::toString);
    }
}
