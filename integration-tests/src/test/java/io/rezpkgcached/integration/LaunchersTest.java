package io.rezpkgcached.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** All launchers, in every POSIX shell of this machine. */
final class LaunchersTest {
    private static final String SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin";
    private static final String NO_PATH = "/no/such/folder";

    @TempDir
    private Path temp;
    private Distribution distribution;
    private FakeJava java;

    /** How a launcher is started: by its own first line, or by a shell that is named. */
    static Stream<List<String>> shells() {
        return Stream.of(List.<String>of(), List.of("/bin/dash"), List.of("/bin/bash", "--posix"),
                List.of("/bin/busybox", "sh"), List.of("/usr/bin/busybox", "sh"), List.of("/bin/ksh"))
                .filter(shell -> shell.isEmpty() || Files.isExecutable(Path.of(shell.getFirst())));
    }

    @BeforeEach
    void installs() throws IOException {
        temp = temp.toRealPath();
        distribution = Distribution.built().copyTo(temp.resolve("in stall é/rez-pkg-cached"));
        // No Java of this machine is found unless a test asks for one.
        Path script = distribution.folder().resolve("lib/launch.sh");
        String text = Files.readString(script);
        assertTrue(text.contains("/usr/lib/jvm/*"), text);
        Files.writeString(script, text.replace("/usr/lib/jvm/*", temp + "/jvm/*"));
        java = FakeJava.of(temp.resolve("fake java"), "25.0.3");
    }

    @ParameterizedTest
    @MethodSource("shells")
    void anyFolder_pathWithSpaces_isFoundFromEverywhere(List<String> shell) throws Exception {
        for (Path launcher : distribution.launchers()) {
            for (Path folder : List.of(temp, distribution.folder(), launcher.getParent(), Path.of("/"))) {
                String relative = folder.relativize(launcher).toString();
                for (String name : List.of(launcher.toString(), relative.contains("/") ? relative : "./" + relative)) {
                    Run run = run(folder, shell, name, Map.of(), List.of("x"));
                    assertClassPathExists(run);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("shells")
    void link_chainRelativeAndAbsolute_isFollowed(List<String> shell) throws Exception {
        for (Path launcher : distribution.launchers()) {
            String name = launcher.getFileName().toString();
            Path one = Files.createDirectories(temp.resolve("one " + name));
            Path two = Files.createDirectories(temp.resolve("two/deep " + name));
            Files.createSymbolicLink(two.resolve("b"), two.relativize(launcher));
            Files.createSymbolicLink(one.resolve("a"), one.relativize(two.resolve("b")));
            Files.createSymbolicLink(temp.resolve(name), one.resolve("a"));
            assertClassPathExists(run(Path.of("/"), shell, temp.resolve(name).toString(), Map.of(), List.of()));
            assertClassPathExists(run(one, shell, "./a", Map.of(), List.of()));
        }
        Path folders = Files.createDirectories(temp.resolve("folders"));
        Files.createSymbolicLink(folders.resolve("bin"), distribution.folder().resolve("bin"));
        assertClassPathExists(run(temp, shell, "folders/bin/rez-pkg-cache", Map.of(), List.of()));
    }

    @ParameterizedTest
    @MethodSource("shells")
    void arguments_ofEveryKind_arePassedAsTheyAre(List<String> shell) throws Exception {
        List<String> arguments = List.of("", " a  b ", "*", "$HOME", "'\"", "--x=y", "\\n", "é");
        for (Path launcher : distribution.launchers()) {
            List<String> passed = FakeJava
                    .arguments(run(distribution.folder(), shell, launcher.toString(), Map.of(), arguments));
            assertEquals(arguments, passed.subList(passed.size() - arguments.size(), passed.size()));
        }
    }

    @ParameterizedTest
    @MethodSource("shells")
    void exitStatus_ofJava_isTheLaunchers(List<String> shell) throws Exception {
        for (Path launcher : distribution.launchers()) {
            assertEquals(3, run(temp, shell, launcher.toString(), Map.of("FAKE_JAVA", "3"), List.of()).status());
        }
    }

    @ParameterizedTest
    @MethodSource("shells")
    void signal_sentToTheLauncher_reachesJavaUnderTheSamePid(List<String> shell) throws Exception {
        for (Path launcher : distribution.launchers()) {
            Process process = Run.builder(temp, environment(Map.of("FAKE_JAVA", "wait")),
                    command(shell, launcher.toString(), List.of())).redirectErrorStream(true).start();
            var reader = process.inputReader();
            String line = reader.readLine();
            while (line != null && !line.equals("pid " + process.pid())) {
                line = reader.readLine();
            }
            assertTrue(line != null, "java did not replace the launcher");
            String last = line;
            while (last != null && !last.startsWith("argument <io.rezpkgcached.")) {
                last = reader.readLine();
            }
            // The trap is set right after the last line; a signal before it would show as status 143.
            while (children(process) == 0) {
                Thread.onSpinWait();
            }
            process.destroy();
            assertTrue(process.waitFor(30, TimeUnit.SECONDS));
            assertEquals(7, process.exitValue());
        }
    }

    private static long children(Process process) {
        assertTrue(process.isAlive(), "ended too early");
        return process.children().count();
    }

    @ParameterizedTest
    @MethodSource("shells")
    void java_whereNoneFits_isOneLineAndStatus69(List<String> shell) throws Exception {
        FakeJava.of(temp.resolve("jvm/java-17"), "17.0.15");
        FakeJava.of(temp.resolve("jvm/java-8"), "1.8.0_402");
        for (Path launcher : distribution.launchers()) {
            String name = launcher.getFileName().toString();
            assertEquals(
                    new Run(69, "",
                            name + ": no Java 25 or newer found: install one, or set REZ_PKG_CACHED_JAVA_HOME to its folder\n"),
                    Run.of(temp, Map.of("PATH", NO_PATH),
                            command(shell, launcher.toString(), List.of())));
            Run wrong = Run.of(temp, Map.of("PATH", NO_PATH, "REZ_PKG_CACHED_JAVA_HOME", "/no/such"),
                    command(shell, launcher.toString(), List.of()));
            assertEquals(
                    new Run(69, "", name + ": REZ_PKG_CACHED_JAVA_HOME names no Java 25 or newer: /no/such\n"),
                    wrong);
        }
    }

    @ParameterizedTest
    @MethodSource("shells")
    void runtime_whereItCannotRun_isOneLineAndStatus69(List<String> shell) throws Exception {
        FakeJava.of(distribution.folder().resolve("runtime"), "25.0.2");
        Path script = distribution.folder().resolve("lib/launch.sh");
        String text = Files.readString(script);
        assertTrue(text.contains("/lib64/ld-linux-x86-64.so.2"), text);
        // As on musl, or on another processor.
        Files.writeString(script, text.replace("/lib64/ld-linux-x86-64.so.2", temp + "/no/ld"));
        for (Path launcher : distribution.launchers()) {
            assertEquals(new Run(69, "",
                    launcher.getFileName() + ": " + distribution.folder()
                            + "/runtime runs on x86-64 Linux with glibc only, "
                            + "which this is not: install a Java 25 or newer, and set REZ_PKG_CACHED_JAVA_HOME to its folder\n"),
                    Run.of(temp, Map.of("PATH", NO_PATH), command(shell, launcher.toString(), List.of())));
            assertEquals(0, run(temp, shell, launcher.toString(), Map.of(), List.of()).status());
        }
    }

    @ParameterizedTest
    @MethodSource("shells")
    void variables_ofOtherJavas_areNotPassedOn(List<String> shell) throws Exception {
        Map<String, String> variables = Map.of("JAVA_TOOL_OPTIONS", "-Da", "_JAVA_OPTIONS", "-Db", "JDK_JAVA_OPTIONS",
                "-Dc");
        for (Path launcher : distribution.launchers()) {
            assertEquals("", FakeJava.value(run(temp, shell, launcher.toString(), variables, List.of()), "options"));
        }
    }

    @ParameterizedTest
    @MethodSource("shells")
    void daemonOption_whileADaemonHoldsTheCache_endsBeforeAnythingElse(List<String> shell) throws Exception {
        Path cache = temp.resolve("c ache é");
        Path lock = lockOf(cache);
        String client = distribution.client().toString();
        List<String> words = List.of("--daemon", cache.toString());
        assertStarts(run(temp, shell, client, Map.of(), words), words);
        try (LockHolder _ = LockHolder.of(lock)) {
            for (List<String> more : List.of(List.of("--daemon"), List.of("--daemon", cache.toString(), "-v"),
                    List.of(cache.toString(), "--daemon"), List.of("--daemon", temp + "/other"))) {
                assertStarts(run(temp, shell, client, Map.of(), more), more);
            }
            assertStarts(run(temp, shell, client, Map.of("PATH", NO_PATH), words), words);
            // Neither what it would source nor a Java.
            Files.delete(distribution.folder().resolve("lib/launch.sh"));
            assertEquals(new Run(0, "", ""), Run.of(temp, Map.of("PATH", SYSTEM_PATH), command(shell, client, words)));
            assertEquals(new Run(0, "", ""),
                    run(cache.getParent(), shell, client, Map.of(), List.of("--daemon", "c ache é")));
        }
    }

    @ParameterizedTest
    @MethodSource("shells")
    void daemonOption_inASharedCache_startsNothing(List<String> shell) throws Exception {
        Path cache = Files.createDirectories(temp.resolve("c ache é"));
        Files.createFile(Files.createDirectories(cache.resolve(".sys/rez-pkg-cached")).resolve("shared"));
        assertEquals(new Run(0, "", ""), Run.of(temp, Map.of("PATH", SYSTEM_PATH),
                command(shell, distribution.client().toString(), List.of("--daemon", cache.toString()))));
    }

    private static Path lockOf(Path cache) throws IOException {
        return Files.createFile(Files.createDirectories(cache.resolve(".sys/rez-pkg-cached")).resolve("lock"));
    }

    private static void assertStarts(Run run, List<String> words) {
        assertEquals(0, run.status(), run.toString());
        List<String> passed = FakeJava.arguments(run);
        assertEquals(words, passed.subList(passed.size() - words.size(), passed.size()));
    }

    @ParameterizedTest
    @MethodSource("shells")
    void java_ofSeveral_isTheFirstThatFits(List<String> shell) throws Exception {
        Path jvm = FakeJava.of(temp.resolve("jvm/java-25"), "25").home();
        FakeJava.of(temp.resolve("jvm/java-17"), "17.0.15");
        Map<String, String> environment = new HashMap<>(Map.of("PATH", NO_PATH));
        assertEquals(jvm.toString(), home(shell, environment));

        Path real = FakeJava.of(temp.resolve("of path"), "26-ea").home();
        Path bin = Files.createDirectories(temp.resolve("some bin"));
        Files.createSymbolicLink(bin.resolve("java"), real.resolve("bin/java"));
        environment.put("PATH", bin + ":" + NO_PATH);
        assertEquals(real.toString(), home(shell, environment));

        environment.put("JAVA_HOME", FakeJava.of(temp.resolve("home 17"), "17.0.1").home().toString());
        assertEquals(real.toString(), home(shell, environment));

        environment.put("JAVA_HOME", FakeJava.of(temp.resolve("home 25"), "25.0.1").home().toString());
        assertEquals(environment.get("JAVA_HOME"), home(shell, environment));

        Path bundled = FakeJava.of(distribution.folder().resolve("runtime"), "25.0.2").home();
        assertEquals(bundled.toString(), home(shell, environment));

        environment.put("REZ_PKG_CACHED_JAVA_HOME", java.home().toString());
        assertEquals(java.home().toString(), home(shell, environment));
    }

    @ParameterizedTest
    @CsvSource({"LANG,", "LANG,C", "LC_ALL,POSIX", "LC_ALL,de_DE.ISO-8859-1"})
    void locale_thatIsNotUtf8_isReplaced(String variable, String value) throws Exception {
        for (Path launcher : distribution.launchers()) {
            Map<String, String> locale = value == null ? Map.of() : Map.of(variable, value);
            assertEquals("C.UTF-8",
                    FakeJava.value(run(temp, List.of(), launcher.toString(), locale, List.of()), "locale"));
        }
    }

    @Test
    void options_ofTheVariable_areSplitAndPutAfterOurs() throws Exception {
        Run run = run(Path.of("/"), List.of(), distribution.daemon().toString(),
                Map.of("REZ_PKG_CACHED_JAVA_OPTIONS", "-Xmx1g -Dstar=/*"), List.of());
        List<String> passed = FakeJava.arguments(run);
        assertTrue(passed.indexOf("-Xmx256m") < passed.indexOf("-Xmx1g"), passed.toString());
        assertTrue(passed.contains("-Dstar=/*"), passed.toString());
    }

    @Test
    void folder_withAColon_isRefused() throws Exception {
        Distribution other = Distribution.built().copyTo(temp.resolve("a:b"));
        Run run = run(temp, List.of(), other.client().toString(), Map.of(), List.of());
        assertEquals(69, run.status());
        assertTrue(run.err().contains("colon") && run.err().lines().count() == 1, run.err());
    }

    @ParameterizedTest
    @MethodSource("shells")
    void folder_whosePathIsNoUtf8_isRefused(List<String> shell) throws Exception {
        // Latin-1, which no String of Java's holds.
        String script = """
                f=$(printf 'b\\351b') && mkdir "$f" && cp -a "$1"/. "$f" && n=$2 && shift 2
                "$@" "./$f/bin/$n" 2>said
                status=$?
                tr '\\351' '?' <said >&2
                exit $status
                """;
        for (Path launcher : distribution.launchers()) {
            List<String> before = List.of("/bin/sh", "-c", script, "sh", distribution.folder().toString());
            Run run = run(Files.createTempDirectory(temp, "latin"), before, launcher.getFileName().toString(), Map.of(),
                    shell);
            assertEquals(69, run.status(), run::toString);
            assertTrue(run.err().contains("whose path is not UTF-8") && run.err().lines().count() == 1, run::toString);
        }
    }

    @Test
    void classPath_ofEach_holdsItsMainClassAndNotTheOthers() throws Exception {
        List<String> daemon = classPath(run(temp, List.of(), distribution.daemon().toString(), Map.of(), List.of()));
        List<String> client = classPath(run(temp, List.of(), distribution.client().toString(), Map.of(), List.of()));
        assertEquals(1, daemon.stream().filter(jar -> holds(jar, "io/rezpkgcached/daemon/Main.class")).count());
        assertEquals(0, daemon.stream().filter(jar -> holds(jar, "io/rezpkgcached/client/Main.class")).count());
        assertEquals(1, client.stream().filter(jar -> holds(jar, "io/rezpkgcached/client/Main.class")).count());
        assertEquals(0, client.stream().filter(jar -> jar.contains("log4j") || jar.contains("daemon-")).count());
    }

    @Test
    void flags_ofBoth_areKnownToTheRealJava() throws Exception {
        for (Path launcher : distribution.launchers()) {
            List<String> passed = FakeJava.arguments(run(temp, List.of(), launcher.toString(), Map.of(), List.of()));
            List<String> command = new ArrayList<>(
                    List.of(Path.of(System.getProperty("java.home"), "bin/java").toString()));
            command.addAll(passed.subList(0, passed.indexOf("-cp")));
            command.add("--version");
            Run run = Run.of(temp, Map.of(), command);
            assertEquals(0, run.status(), run.toString());
            assertEquals("", run.err());
        }
    }

    private String home(List<String> shell, Map<String, String> environment) throws Exception {
        Map<String, String> withTools = new HashMap<>(environment);
        // readlink is needed, and lies beside the java of this machine, which is to stay out of sight.
        Path readlink = Files.createDirectories(temp.resolve("tools")).resolve("readlink");
        Files.writeString(readlink, "#!/bin/sh\nexec " + tool("readlink") + " \"$@\"\n");
        Files.setPosixFilePermissions(readlink, PosixFilePermissions.fromString("rwxr-xr-x"));
        withTools.put("PATH", environment.get("PATH") + ":" + readlink.getParent());
        Run run = Run.of(temp, withTools, command(shell, distribution.client().toString(), List.of()));
        assertEquals(0, run.status(), run.toString());
        return FakeJava.value(run, "home");
    }

    private static Path tool(String name) {
        return Stream.of(SYSTEM_PATH.split(":")).map(folder -> Path.of(folder, name)).filter(Files::isExecutable)
                .findFirst().orElseThrow();
    }

    private Map<String, String> environment(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(more);
        environment.putIfAbsent("PATH", SYSTEM_PATH);
        environment.put("REZ_PKG_CACHED_JAVA_HOME", java.home().toString());
        return environment;
    }

    private Run run(Path folder, List<String> shell, String launcher, Map<String, String> more, List<String> arguments)
            throws Exception {
        return Run.of(folder, environment(more), command(shell, launcher, arguments));
    }

    private static List<String> command(List<String> shell, String launcher, List<String> arguments) {
        return Stream.of(shell, List.of(launcher), arguments).flatMap(List::stream).toList();
    }

    private static List<String> classPath(Run run) {
        assertEquals(0, run.status(), run.toString());
        List<String> passed = FakeJava.arguments(run);
        return List.of(passed.get(passed.indexOf("-cp") + 1).split(":"));
    }

    private static void assertClassPathExists(Run run) {
        for (String jar : classPath(run)) {
            assertTrue(Path.of(jar).isAbsolute() && Files.isRegularFile(Path.of(jar)), jar);
        }
    }

    private static boolean holds(String jar, String name) {
        try (JarFile file = new JarFile(jar)) {
            return file.getEntry(name) != null;
        } catch (IOException e) {
            throw new AssertionError(jar, e);
        }
    }
}
