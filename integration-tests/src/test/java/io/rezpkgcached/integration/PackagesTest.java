package io.rezpkgcached.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The .deb and the .rpm, unpacked; a real systemd installs the first, see {@code systemd/run}. */
final class PackagesTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Map<String, String> PLAIN = Map.of("PATH", "/usr/bin:/bin", "LC_ALL", "C.UTF-8");
    private static final String CONF = "etc/rez-pkg-cached/rez-pkg-cached.conf";

    @TempDir
    private Path temp;
    private Path root;

    @BeforeEach
    void makeRoot() throws IOException {
        root = Files.createDirectory(temp.resolve("root"));
    }

    private static Path built(String ending) throws IOException {
        Path folder = Distribution.built().folder().getParent();
        try (var files = Files.newDirectoryStream(folder, "rez-pkg-cached*." + ending)) {
            return files.iterator().next();
        }
    }

    private Run run(String... command) throws IOException, InterruptedException {
        return Run.within(LONG, root, PLAIN, List.of(command));
    }

    private void unpack(String ending) throws IOException, InterruptedException {
        Path file = built(ending);
        Run run = ending.equals("deb")
                ? run("dpkg-deb", "-x", file.toString(), ".")
                : run("bash", "-c", "set -o pipefail; rpm2cpio \"$0\" | cpio -idm --quiet", file.toString());
        assertEquals(new Run(0, "", ""), run);
    }

    @ParameterizedTest
    @ValueSource(strings = {"deb", "rpm"})
    void commands_asUnpacked_startFromTheirCaches(String ending) throws Exception {
        unpack(ending);
        for (String name : List.of("rez-pkg-cache", "rez-pkg-cached", "rez-memcache")) {
            Path loaded = temp.resolve(name + ".log");
            String options = "-XX:AOTMode=on -Xlog:class+load=info:file=" + loaded;
            Run run = Run.of(root, Map.of("PATH", "/usr/bin:/bin", "REZ_PKG_CACHED_JAVA_OPTIONS", options,
                    "REZ_PKG_CACHED_CLIENT_JAVA_OPTIONS", options),
                    List.of(root.resolve("usr/bin").resolve(name).toString(), "--help"));
            assertTrue(run.status() == 0 && run.err().isEmpty(), run::toString);
            String module = name.equals("rez-pkg-cached") ? "daemon" : "client";
            assertTrue(Files.readString(loaded)
                    .contains("io.rezpkgcached." + module + ".Main source: shared objects file"), name);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"deb", "rpm"})
    void files_ofAPackage_areWhereItsDistributionHasThem(String ending) throws Exception {
        unpack(ending);
        assertEquals(Path.of("/etc/rez-pkg-cached"),
                Files.readSymbolicLink(root.resolve("usr/lib/rez-pkg-cached/conf")));
        for (String path : List.of(CONF, "usr/lib/systemd/system/rez-pkg-cached.service",
                "usr/lib/systemd/user/rez-pkg-cached@.service", "usr/lib/sysusers.d/rez-pkg-cached.conf",
                "usr/lib/tmpfiles.d/rez-pkg-cached.conf", "usr/share/rez-pkg-cached/drop-ins/memcached.conf",
                "usr/share/man/man1/rez-pkg-cache-enqueue.1.gz", "usr/share/man/man8/rez-pkg-cached.8.gz",
                "usr/share/bash-completion/completions/rez-pkg-cache",
                ending.equals("deb")
                        ? "usr/share/zsh/vendor-completions/_rez-pkg-cache"
                        : "usr/share/zsh/site-functions/_rez-pkg-cache")) {
            assertTrue(Files.isRegularFile(root.resolve(path)), path);
        }
    }

    @Test
    void configuration_ofBoth_isKeptOnUpgrade() throws Exception {
        assertEquals("/" + CONF + "\n", run("dpkg-deb", "-I", built("deb").toString(), "conffiles").out());
        assertEquals("/" + CONF + " cn\n", run("rpm", "-qp", "--qf", "[%{FILENAMES} %{FILEFLAGS:fflags}\n]",
                built("rpm").toString()).out().lines().filter(line -> line.startsWith("/etc/rez-pkg-cached/"))
                .map(line -> line + "\n").reduce("", String::concat));
    }

    @Test
    void deb_readByLintian_hasNoRemark() throws Exception {
        Run run = run("lintian", "--allow-root", "--tag-display-limit", "0", built("deb").toString());
        assertEquals("", run.out());
        assertEquals(0, run.status(), run::toString);
    }

    @Test
    void rpm_readByRpmlint_hasNoRemarkThatIsNotAnswered() throws Exception {
        Path answers = Path.of(System.getProperty("project.folder"), "dist/src/lint/rpmlintrc");
        Run run = run("rpmlint", "-r", answers.toString(), built("rpm").toString());
        assertTrue(run.status() == 0 && run.out().contains(" 0 errors, 0 warnings"), run::toString);
    }
}
