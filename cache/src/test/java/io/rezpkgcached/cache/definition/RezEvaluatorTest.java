package io.rezpkgcached.cache.definition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The evaluator with a real rez, whose folder of commands REZ_BIN names. */
@Tag("rez")
class RezEvaluatorTest {
    @TempDir
    private Path repository;

    private static Evaluator evaluator() {
        String bin = System.getenv("REZ_BIN");
        assertNotNull(bin, "REZ_BIN must name the folder that holds rez-python");
        return new Evaluator(List.of(bin + "/rez-python"), Duration.ofMinutes(1));
    }

    @Test
    void read_vectors_areWhatRezSees() throws IOException, InterruptedException {
        DefinitionReader reader = new DefinitionReader(Optional.of(evaluator()));
        VariantLocator locator = new VariantLocator(Shortlinks.defaults(), DefinitionVectors.CANONICAL);
        for (DefinitionVectors.Case vector : DefinitionVectors.all()) {
            vector.write(repository);
            Definition definition = assertInstanceOf(Reading.Found.class,
                    reader.read(repository, vector.name(), vector.version()),
                    vector.name()).definition();
            if (!vector.isRefused()) {
                assertEquals(vector.flag("cachable"), definition.cachable(), vector.name());
                for (Map.Entry<OptionalInt, VariantLocation> variant : vector.variants(repository)) {
                    assertEquals(variant.getValue(), locator.locate(definition, variant.getKey()), vector.name());
                }
            }
        }
    }

    @Test
    void evaluate_everyVector_agreesWithReader() throws IOException, InterruptedException, SchemaException {
        DefinitionReader reader = new DefinitionReader(Optional.empty());
        VariantLocator locator = new VariantLocator(Shortlinks.defaults(), DefinitionVectors.CANONICAL);
        for (DefinitionVectors.Case vector : DefinitionVectors.all()) {
            Path file = vector.write(repository);
            Definition evaluated = Attributes.definition(file,
                    evaluator().evaluate(repository, vector.name(), vector.version()));
            if (reader.read(repository, vector.name(), vector.version()) instanceof Reading.Found(Definition read)) {
                assertEquals(
                        List.of(evaluated.hashedVariants(), evaluated.cachable(), evaluated.relocatable(),
                                evaluated.timestamp()),
                        List.of(read.hashedVariants(), read.cachable(), read.relocatable(), read.timestamp()),
                        vector.name());
                int count = evaluated.variants().map(List::size).orElse(0);
                for (int i = 0; i < count; i++) {
                    assertEquals(locator.locate(evaluated, OptionalInt.of(i)), locator.locate(read, OptionalInt.of(i)),
                            vector.name());
                }
            }
        }
    }

    @Test
    void read_codeThatPrintsOrFails_isHandled() throws IOException, InterruptedException {
        Path file = Files.createDirectories(repository.resolve("foo/1")).resolve("package.py");
        DefinitionReader reader = new DefinitionReader(Optional.of(evaluator()));
        Files.writeString(file, "name = 'foo'\nversion = '1'\nprint('hello')\nvariants = [['a-' + v] for v in '12']\n");
        assertEquals(Optional.of(List.of(List.of("a-1"), List.of("a-2"))),
                assertInstanceOf(Reading.Found.class, reader.read(repository, "foo", Optional.of("1"))).definition()
                        .variants());
        Files.writeString(file, "name = 'foo'\nversion = '1'\nvariants = [[1 / 0]]\n");
        Reading.NeedsCode failed = assertInstanceOf(Reading.NeedsCode.class,
                reader.read(repository, "foo", Optional.of("1")));
        assertTrue(failed.why().contains("the evaluator failed with status 1"), failed.why());
    }
}
