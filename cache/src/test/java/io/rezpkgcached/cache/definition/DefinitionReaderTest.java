package io.rezpkgcached.cache.definition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DefinitionReaderTest {
    private static final Optional<String> ONE = Optional.of("1.0");

    @TempDir
    private Path repository;
    private Path folder;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectories(repository.resolve("foo/1.0"));
    }

    private static Reading read(Path location, String name, Optional<String> version) throws InterruptedException {
        return new DefinitionReader(Optional.empty()).read(location, name, version);
    }

    private Reading read() throws InterruptedException {
        return read(repository, "foo", ONE);
    }

    private Reading.Malformed malformed(String fileName, String text) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve(fileName), text);
        Reading.Malformed malformed = assertInstanceOf(Reading.Malformed.class, read(), text);
        assertEquals(file, malformed.file());
        return malformed;
    }

    @Test
    void read_bothFiles_takesPython() throws IOException, InterruptedException {
        Path python = Files.writeString(folder.resolve("package.py"), "variants = [['a']]\ntimestamp = 5\n");
        Files.writeString(folder.resolve("package.yaml"), "variants: [[b]]\n");
        assertEquals(new Reading.Found(
                new Definition(python, Optional.of(List.of(List.of("a"))), false, Optional.empty(), Optional.empty(),
                        OptionalLong.of(5))),
                read());
    }

    @Test
    void read_pythonIsFolder_takesYaml() throws IOException, InterruptedException {
        Files.createDirectory(folder.resolve("package.py"));
        Path yaml = Files.writeString(folder.resolve("package.yaml"),
                "variants: [[b]]\nhashed_variants: yes\ncachable: off\nrelocatable: ~\n");
        assertEquals(new Reading.Found(
                new Definition(yaml, Optional.of(List.of(List.of("b"))), true, Optional.of(false), Optional.empty(),
                        OptionalLong.empty())),
                read());
    }

    @Test
    void read_releaseFileOfOldRez_needsCodeUnlessTimestampIsGiven() throws IOException, InterruptedException {
        Path python = Files.writeString(folder.resolve("package.py"), "variants = [['a']]\n");
        Path release = Files.writeString(folder.resolve("release.yaml"), "variants: [[b]]\ntimestamp: 1\n");
        assertEquals(new Reading.NeedsCode(python, 1, "the package",
                "it is of a rez before 2.0, and " + release + " may override what stands here"), read());
        Files.writeString(python, "variants = [['a']]\ntimestamp = 5\n");
        assertInstanceOf(Reading.Found.class, read());
    }

    @Test
    void readPlace_onlyCachingIsComputed_isKnownWithoutPython() throws IOException, InterruptedException {
        Path python = Files.writeString(folder.resolve("package.py"),
                "variants = [['a']]\n@late()\ndef cachable():\n    return True\n");
        assertInstanceOf(Reading.NeedsCode.class, read());
        assertEquals(Optional.of(new Definition(python, Optional.of(List.of(List.of("a"))), false, Optional.empty(),
                Optional.empty(), OptionalLong.empty())), place());
        Files.writeString(python, "import os\nvariants = [[os.name]]\ncachable = True\n");
        assertEquals(Optional.empty(), place());
        Files.writeString(python, "variants = [['a']]\ncachable = False\n");
        assertEquals(Optional.of(false), place().flatMap(Definition::cachable));
        Files.delete(python);
        assertEquals(Optional.empty(), place());
    }

    private Optional<Definition> place() throws InterruptedException {
        return new DefinitionReader(Optional.empty()).readPlace(repository, "foo", ONE);
    }

    @Test
    void read_linkToFile_keepsItsName() throws IOException, InterruptedException {
        Path target = Files.writeString(repository.resolve("elsewhere"), "name = 'foo'\n");
        Path link = Files.createSymbolicLink(folder.resolve("package.py"), target);
        assertEquals(link, assertInstanceOf(Reading.Found.class, read()).definition().file());
    }

    @Test
    void read_emptyListOfVariants_hasNone() throws IOException, InterruptedException {
        Files.writeString(folder.resolve("package.py"), "variants = []\n");
        assertEquals(Optional.empty(), assertInstanceOf(Reading.Found.class, read()).definition().variants());
    }

    @Test
    void read_packageGone_isAbsent() throws IOException, InterruptedException {
        assertInstanceOf(Reading.Absent.class, read());
        Files.writeString(folder.resolve("package.txt"), "name: foo\n");
        Files.writeString(folder.resolve("package.json"), "{}");
        Files.createSymbolicLink(folder.resolve("package.py"), Path.of("nowhere"));
        assertInstanceOf(Reading.Absent.class, read());
        assertInstanceOf(Reading.Absent.class, read(repository, "foo", Optional.of("2.0")));
        assertInstanceOf(Reading.Absent.class, read(repository, "bar", ONE));
        assertInstanceOf(Reading.Absent.class, read(repository, "FOO", ONE));
        Files.writeString(repository.resolve("file"), "");
        assertInstanceOf(Reading.Absent.class, read(repository, "file", ONE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "/", "../foo", "a\0b"})
    void read_impossibleName_isAbsent(String name) throws InterruptedException {
        assertInstanceOf(Reading.Absent.class, read(repository, name, ONE));
        assertInstanceOf(Reading.Absent.class, read(repository, "foo", Optional.of(name)));
    }

    @Test
    void read_repositoryGone_isUnreachable(@TempDir Path other) throws IOException, InterruptedException {
        assertInstanceOf(Reading.Unreachable.class, read(other.resolve("none"), "foo", ONE));
        // As the mount point of a file system that is not mounted.
        assertInstanceOf(Reading.Unreachable.class, read(other, "foo", ONE));
        Path file = Files.writeString(other.resolve("file"), "");
        assertInstanceOf(Reading.Unreachable.class, read(file, "foo", ONE));
        assertInstanceOf(Reading.Unreachable.class, read(file.resolve("below"), "foo", ONE));
        Path loop = other.resolve("loop");
        Files.createSymbolicLink(loop, loop);
        assertInstanceOf(Reading.Unreachable.class, read(loop, "foo", ONE));
    }

    @Test
    void read_unreadableFile_isUnreachable() throws InterruptedException {
        // Reading a process's own memory from address 0 fails with EIO, whoever reads it.
        Path file = folder.resolve("package.py");
        assertTrue(Files.exists(Path.of("/proc/self/mem")));
        assertInstanceOf(Reading.Unreachable.class, readLinked(file));
    }

    private Reading readLinked(Path file) throws InterruptedException {
        try {
            Files.createSymbolicLink(file, Path.of("/proc/self/mem"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return read();
    }

    @Test
    void read_hugeFile_isMalformed() throws IOException, InterruptedException {
        try (RandomAccessFile file = new RandomAccessFile(folder.resolve("package.py").toFile(), "rw")) {
            file.setLength((16L << 20) + 1);
        }
        assertInstanceOf(Reading.Malformed.class, read());
    }

    @Test
    void read_wrongPython_namesLine() throws IOException, InterruptedException {
        assertEquals(3, malformed("package.py", "name = 'foo'\nvariants = [['a'\n").line());
        assertEquals(2, malformed("package.py", "name = 'foo'\nvariants = 'a'\n").line());
        assertEquals("variants is not a list of lists", malformed("package.py", "variants = ['a']\n").why());
        assertEquals("variants is a requirement that is not a string: 1",
                malformed("package.py", "variants = [[1]]\n").why());
        assertEquals("variants is not a list", malformed("package.py", "variants = None\n").why());
        assertEquals("hashed_variants is neither true nor false",
                malformed("package.py", "hashed_variants = 1\n").why());
        assertEquals("hashed_variants is neither true nor false",
                malformed("package.py", "hashed_variants = None\n").why());
        assertEquals("cachable is neither true nor false", malformed("package.py", "cachable = 'no'\n").why());
        malformed("package.py", "_redirected_base = '/tmp'\n");
    }

    @Test
    void read_wrongYaml_isMalformed() throws IOException, InterruptedException {
        assertEquals(2, malformed("package.yaml", "name: foo\n\tvariants: [a]\n").line());
        malformed("package.yaml", "- a\n");
        malformed("package.yaml", "_redirected_base: /tmp\n");
        malformed("package.yaml", "variants: [[1.0]]\n");
        malformed("package.yaml", "variants: [a, b]\n");
        malformed("package.yaml", "cachable: 'false'\n");
        malformed("package.yaml", "a: 1\n--- \nb: 2\n");
        malformed("package.yaml", "variants: " + "[".repeat(100_000));
        malformed("package.yaml", "a: &a [x]\nb: &b [*a, *a]\nc: [" + "*b,".repeat(100) + "]\n");
        Files.write(folder.resolve("package.yaml"), "a: \u00e9".getBytes(StandardCharsets.ISO_8859_1));
        assertInstanceOf(Reading.Malformed.class, read());
    }

    @Test
    void read_yamlWithPythonTag_needsCode() throws IOException, InterruptedException {
        Files.writeString(folder.resolve("package.yaml"), "name: foo\na: !!python/tuple [b]\n");
        assertEquals(2, assertInstanceOf(Reading.NeedsCode.class, read()).line());
    }

    @Test
    void read_emptyFile_hasNoAttributes() throws IOException, InterruptedException {
        Files.writeString(folder.resolve("package.yaml"), "");
        assertInstanceOf(Reading.Found.class, read());
        Files.writeString(folder.resolve("package.py"), "");
        assertInstanceOf(Reading.Found.class, read());
    }
}
