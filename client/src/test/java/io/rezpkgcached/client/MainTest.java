package io.rezpkgcached.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.Vectors;
import io.rezpkgcached.cache.json.Json;
import io.rezpkgcached.cache.testing.CacheFixture;
import io.rezpkgcached.cache.testing.Child;
import io.rezpkgcached.cache.testing.Unprivileged;
import io.rezpkgcached.client.syntax.Command;
import io.rezpkgcached.client.syntax.HelpText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as a process of its own. */
class MainTest {
    @TempDir
    Path folder;

    private Path cache;
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void makeCache() throws IOException {
        cache = Files.createDirectory(folder.resolve("empty"));
        environment.putAll(Map.of("HOME", folder.toString(), "REZ_CONFIG_FILE", "", "REZ_DISABLE_HOME_CONFIG", "1",
                "REZ_PACKAGES_PATH", "/svr/packages", "REZ_CACHE_PACKAGES_PATH", cache.toString()));
    }

    private Child.Ended run(byte[] input, String... words) throws Exception {
        return Child.run(Child.java(Main.class, words), environment, input);
    }

    private Child.Ended run(String... words) throws Exception {
        return run(new byte[0], words);
    }

    /** The same as a user without privileges, with the settings of these tests. */
    private Unprivileged.Outcome asNobody(String... words) throws Exception {
        return Unprivileged.run(Main.class, environment, words);
    }

    private List<String> pendingHandles() throws IOException {
        List<String> handles = new ArrayList<>();
        try (Stream<Path> paths = Files.list(cache.resolve(".sys/pending"))) {
            for (Path path : paths.toList()) {
                handles.add(Files.readString(path));
            }
        }
        return handles.stream().sorted().toList();
    }

    private static String transcript(String name, Path cache) throws IOException {
        Map<?, ?> transcripts = (Map<?, ?>) Json.read(Vectors.bytes("rez-pkg-cache-transcripts.json"));
        return ((String) ((Map<?, ?>) transcripts.get(name)).get("stdout")).replace("/svr/cache", cache.toString());
    }

    @Test
    void list_fixture_asRezPrintsIt() throws Exception {
        // In the future, so that it is still being copied however slow this machine is.
        Path fixture = CacheFixture.unpack(folder, Instant.now().plusSeconds(600));
        assertEquals(new Child.Ended(0, transcript("list", fixture), ""), run(fixture.toString()));
        environment.put("REZ_CACHE_PACKAGES_PATH", fixture.toString());
        assertEquals(new Child.Ended(0, transcript("list", fixture), ""), run());
        Files.setLastModifiedTime(fixture.resolve("python/3.7.4/c957/.copying-a"), FileTime.from(Instant.now()
                .minusSeconds(7)));
        assertTrue(run().out().contains("stalled  python-3.7.4"));
    }

    @Test
    void list_emptyCache_saysSoOnStderr() throws Exception {
        assertEquals(new Child.Ended(0, "", "No cached packages.\n"), run(cache.toString()));
        try (Stream<Path> made = Files.list(cache)) {
            assertEquals(List.of(), made.toList());
        }
    }

    @Test
    void list_cacheThatTheUserMayNotRead_saysSo() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Unprivileged.own(cache);
        Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("---------"));
        assertEquals(new Unprivileged.Outcome(1, "rez-pkg-cache: permission denied: " + cache + "\n"),
                Unprivileged.run(Main.class, cache.toString()));
        Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void list_noCacheConfigured_usage() throws Exception {
        environment.put("REZ_CACHE_PACKAGES_PATH", "");
        Child.Ended ended = run();
        assertEquals(2, ended.exitCode());
        assertEquals("rez pkg-cache: error: DIR must be specified, as there is no configured 'cache_packages_path'",
                ended.err().lines().toList().getLast());
    }

    @Test
    void list_emptyWord_isTheConfiguredCache() throws Exception {
        environment.put("REZ_CACHE_PACKAGES_PATH", CacheFixture.unpack(folder, Instant.now()).toString());
        assertEquals(9, run("").out().lines().count());
    }

    @Test
    void list_relativeName_isShownAsGiven() throws Exception {
        CacheFixture.unpack(folder, Instant.now());
        for (String given : List.of("cache", "./cache/", "../" + folder.getFileName() + "/cache")) {
            List<String> command = new ArrayList<>(List.of("sh", "-c", "cd \"$0\" && exec \"$@\"", folder.toString()));
            command.addAll(Child.java(Main.class, "-c", "cache_path", "--", given));
            assertEquals((given + "/Flask/1.1.2/a9d8/a").replace("//", "/"),
                    Child.run(command, environment, new byte[0]).out().lines().findFirst().orElseThrow());
        }
    }

    /** {@code script} gives a command a terminal. */
    @Test
    void list_atATerminal_colouredUnlessSomebodyWantsNoColours() throws Exception {
        Path fixture = CacheFixture.unpack(folder, Instant.now());
        String line = "'" + String.join("' '", Child.java(Main.class, fixture.toString())) + "'";
        Map<Map<String, String>, Boolean> expected = Map.of(Map.of(), true, Map.of("NO_COLOR", "1"), false,
                Map.of("NO_COLOR", ""), true, Map.of("REZ_COLOR_ENABLED", "False"), false,
                Map.of("NO_COLOR", "1", "REZ_COLOR_ENABLED", "1"), true);
        for (Map.Entry<Map<String, String>, Boolean> example : expected.entrySet()) {
            Map<String, String> all = new HashMap<>(environment);
            all.putAll(example.getKey());
            Child.Ended ended = Child.run(List.of("script", "-qefc", line, "/dev/null"), all, new byte[0]);
            assertEquals(example.getValue(), ended.out().contains("\u001b["), example.toString());
            assertTrue(ended.out().startsWith("Package cache at " + fixture), ended.out());
        }
    }

    @Test
    void logsAndClean_cacheThatIsNew_nothingToSay() throws Exception {
        assertEquals(new Child.Ended(0, "", "No logs.\n"), run("--logs"));
        assertEquals(new Child.Ended(0, "", ""), run("--clean"));
        Files.createDirectories(cache.resolve(".sys/log"));
        Files.write(cache.resolve(".sys/log/2026-11-22.log"), new byte[]{'a', (byte) 0xff, '\n', '\n', 'b'});
        assertEquals(new Child.Ended(0, "a\ufffd\n\nb\n", ""), run("--logs"));
    }

    @Test
    void addAndRemove_cacheOfAnotherUser_oneLine() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createDirectories(folder.resolve("packages/foo/1.0"));
        String uri = Files.writeString(folder.resolve("packages/foo/1.0/package.py"),
                "name = 'foo'\nversion = '1.0'\n") + "[]";
        environment.putAll(Map.of("REZ_PACKAGES_PATH", folder.resolve("packages").toString(), "REZ_DEFAULT_CACHABLE",
                "1", "REZ_PACKAGE_CACHE_SAME_DEVICE", "1", "REZ_TMPDIR", "/nowhere", "REZ_LOCAL_PACKAGES_PATH",
                "/nowhere", "REZ_PACKAGE_CACHE_SPACE_BUFFER", "0", "REZ_PACKAGE_CACHE_USED_THRESHOLD", "100"));
        assertEquals(0, run("-a", uri).exitCode());
        Unprivileged.own(cache);
        Files.setPosixFilePermissions(cache.resolve(".sys"), PosixFilePermissions.fromString("r-xr-xr-x"));
        Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("r-xr-xr-x"));
        try {
            Unprivileged.Outcome again = asNobody("-a", uri);
            assertEquals(0, again.exitCode(), again.output());
            assertTrue(again.output().contains(" INFO     Already exists: " + cache + "/foo/1.0/"), again.output());
            Unprivileged.Outcome removed = asNobody("-r", uri);
            assertEquals(1, removed.exitCode(), removed.output());
            assertTrue(removed.output().contains("\nrez-pkg-cache: permission denied: " + cache + "/.sys"),
                    removed.output());
        } finally {
            Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.setPosixFilePermissions(cache.resolve(".sys"), PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @Test
    void remove_packageThatIsGone_removed() throws Exception {
        CacheFixture.unpack(folder, Instant.now());
        environment.put("REZ_CACHE_PACKAGES_PATH", folder.resolve("cache").toString());
        assertTrue(Files.notExists(Path.of("/svr/packages")), "the repository of the fixture");
        Child.Ended ended = run("-r", "/svr/packages/Flask/1.1.2/package.py[0]");
        assertTrue(ended.exitCode() == 0 && ended.err().endsWith(" INFO     Variant successfully removed\n"),
                ended::toString);
        assertEquals(8, run().out().lines().count());
        Child.Ended again = run("-r", "/svr/packages/Flask/1.1.2/package.py[0]");
        assertTrue(
                again.exitCode() == 1
                        && again.err().endsWith("No such variant: /svr/packages/Flask/1.1.2/package.py[0]\n"),
                again::toString);
    }

    @Test
    void list_stdoutClosedOrFull_exit74() throws Exception {
        Path fixture = CacheFixture.unpack(folder, Instant.now());
        for (String redirection : List.of(">&-", ">/dev/full")) {
            List<String> command = new ArrayList<>(List.of("sh", "-c", "\"$@\" " + redirection, "sh"));
            command.addAll(Child.java(Main.class, fixture.toString()));
            assertEquals(new Child.Ended(74, "",
                    "rez-pkg-cache: stdout cannot be written to: it is closed, or its disk is full\n"),
                    Child.run(command, environment, new byte[0]), redirection);
        }
    }

    @Test
    void run_brokenSettings_oneLineForEach() throws Exception {
        environment.put("REZ_PACKAGE_CACHE_ASYNC", "perhaps");
        Child.Ended ended = run();
        assertEquals(1, ended.exitCode());
        assertEquals("", ended.out());
        assertTrue(ended.err().startsWith("rez-pkg-cache: ") && !ended.err().contains("\tat "), ended.err());
    }

    @Test
    void enqueue_contextOnStandardInput_itsVariants() throws Exception {
        byte[] context = Vectors.bytes("context.rxt");
        assertEquals(new Child.Ended(0, "", "requested 9, already requested 0, already in the cache 0\n"),
                run(context, "enqueue", "-"));
        List<String> expected = new ArrayList<>();
        for (String name : new TreeSet<>(List.of("Flask-1.1.2-ad501cdf9f3944109be44075aec2d177",
                "Jinja2-2.11.2-7df34f52eca54f57a7face99326ff492",
                "MarkupSafe-1.1.1-e87df9d5f38e4f118c8388b53239d7b2",
                "Werkzeug-1.0.1-1c4c0089ac234d599b6a81b7730a5d9a",
                "arch-x86_64-f20fa7eae7ca49f2812e9e7dc71c7d3a", "click-7.1.2-481beb0bd3154caabdfbb4d06396996e",
                "itsdangerous-1.1.0-176c727dd24047d4b9a8701d86ee91e3",
                "platform-linux-c7bd708ebc584d5b85530a2422ca770b",
                "python-3.7.4-781807c9063d4b91be213d1863216b74"))) {
            expected.add(new String(Vectors.bytes("pending/" + name + ".json"),
                    java.nio.charset.StandardCharsets.UTF_8));
        }
        assertEquals(expected.stream().sorted().toList(), pendingHandles());
        assertEquals(new Child.Ended(0, "", "requested 0, already requested 9, already in the cache 0\n"),
                run(context, "enqueue", "--cache", cache.toString(), "-"));
        assertEquals(9, pendingHandles().size());
    }

    @Test
    void enqueue_noSource_usage() throws Exception {
        environment.put("COLUMNS", "100");
        assertEquals(new Child.Ended(2, "", usage("enqueue")
                + "rez-pkg-cache enqueue: error: the following arguments are required: URI|FILE|-\n"), run("enqueue"));
        assertEquals(new Child.Ended(2, "", usage("enqueue")
                + "rez-pkg-cache enqueue: error: argument --cache: expected one argument\n"),
                run("enqueue", "x", "--cache"));
    }

    @Test
    void enqueue_badContext_oneLineAndNothingRequested() throws Exception {
        assertEquals(new Child.Ended(1, "", "rez-pkg-cache: standard input is not a context: empty, no JSON value\n"),
                run("enqueue", "-"));
        assertTrue(Files.notExists(cache.resolve(".sys/pending")));
    }

    private static Command declared(String command) {
        return Commands.named(command).orElseThrow().declaration();
    }

    private static String usage(String command) {
        return HelpText.usage(declared(command), 100);
    }

    @Test
    void help_ofProgramAndCommand_onStdoutAsWideAsTheTerminal() throws Exception {
        List<Command> commands = Commands.all().subList(1, Commands.all().size());
        assertEquals(new Child.Ended(0, HelpText.of(RezCommand.DECLARATION, commands, 80), ""), run("--help"));
        environment.put("COLUMNS", "40");
        assertEquals(new Child.Ended(0, HelpText.of(declared("enqueue"), 40), ""), run("enqueue", "--nope", "-h"));
    }

    @Test
    void width_ofATerminal_isWithinWhatCanBeRead() {
        assertEquals(List.of(80, 80, 80, 80, 20, 20, 79, 100),
                Stream.of("", "x", "0", "-5", "1", "20", "79", "500")
                        .map(columns -> Help.readable(Terminal.width(Map.of("COLUMNS", columns), 1, false))).toList());
    }

    @Test
    void mistyped_word_isSuggestedAfterTheMessage() throws Exception {
        environment.put("COLUMNS", "100");
        assertEquals(new Child.Ended(2, "", usage("enqueue") + """
                rez-pkg-cache enqueue: error: unrecognized arguments: --cahce=x
                rez-pkg-cache enqueue: did you mean --cache?
                """), run("enqueue", "foo", "--cahce=x"));
        assertEquals("rez-pkg-cache: did you mean --help?", run("--hlep").err().lines().toList().getLast());
    }

    @Test
    void mistyped_command_isSuggestedUnlessItIsAFolder() throws Exception {
        String suggestion = "rez-pkg-cache: did you mean the command enqueue?";
        assertEquals(suggestion, run("enqeue").err().lines().toList().getLast());
        assertEquals(suggestion, run("enqeue", "foo.rxt", "--cach").err().lines().toList().getLast());
        assertFalse(run("/enqeue").err().contains("did you mean"));
        assertFalse(run("frobnicate").err().contains("did you mean"));
        Path here = Files.createDirectory(folder.resolve("enqeue"));
        List<String> command = new ArrayList<>(
                List.of("sh", "-c", "cd \"$0\" && exec \"$@\"", here.getParent().toString()));
        command.addAll(Child.java(Main.class, "enqeue"));
        assertEquals(new Child.Ended(0, "", "No cached packages.\n"), Child.run(command, environment, new byte[0]));
        command.add("x");
        assertFalse(Child.run(command, environment, new byte[0]).err().contains("did you mean"));
    }

    @Test
    void ordinaryCommand_itsClasses_noneForHelp() throws Exception {
        Path loaded = folder.resolve("loaded");
        environment.put("JDK_JAVA_OPTIONS", "-Xlog:class+load:file=" + loaded);
        run();
        List<String> classes = Files.readAllLines(loaded);
        assertTrue(classes.stream().anyMatch(line -> line.contains("io.rezpkgcached.client.syntax.Parser ")));
        assertEquals(List.of(), classes.stream()
                .filter(line -> line
                        .matches(".*\\.(Help|HelpText|Wrap|Synopsis|Suggestions|Spelling|EnqueueCommand) .*"))
                .toList());
        run("--hlep");
        assertTrue(Files.readAllLines(loaded).stream().anyMatch(line -> line.contains("syntax.Suggestions ")));
    }
}
