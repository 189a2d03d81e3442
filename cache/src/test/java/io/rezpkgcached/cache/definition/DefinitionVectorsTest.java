package io.rezpkgcached.cache.definition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DefinitionVectorsTest {
    /** Packages whose definition only Python can tell: the attribute and its line. */
    private static final Map<String, Map.Entry<String, Integer>> COMPUTED = Map.of("computed", Map.entry("variants", 5),
            "earlyv",
            Map.entry("variants", 4), "cond", Map.entry("variants", 7), "latec", Map.entry("cachable", 4), "lateyes",
            Map.entry("cachable", 4));

    @TempDir
    private Path repository;

    private Reading read(DefinitionVectors.Case vector) throws IOException, InterruptedException {
        vector.write(repository);
        return new DefinitionReader(Optional.empty()).read(repository, vector.name(), vector.version());
    }

    @Test
    void read_writtenOutDefinition_isWhatRezSees() throws IOException, InterruptedException {
        VariantLocator locator = new VariantLocator(Shortlinks.defaults(), DefinitionVectors.CANONICAL);
        Cachability movable = new Cachability(new Cachability.Rule(Optional.empty(), Map.of(), Map.of()),
                new Cachability.Rule(Optional.of(true), Map.of(), Map.of()));
        int read = 0;
        for (DefinitionVectors.Case vector : DefinitionVectors.all()) {
            if (COMPUTED.containsKey(vector.name()) || vector.isRefused()) {
                continue;
            }
            Definition definition = assertInstanceOf(Reading.Found.class, read(vector), vector.name()).definition();
            assertEquals(vector.flag("cachable"), definition.cachable(), vector.name());
            assertEquals(vector.flag("relocatable"), definition.relocatable(), vector.name());
            assertEquals(vector.timestamp(), definition.timestamp(), vector.name());
            List<Map.Entry<OptionalInt, VariantLocation>> found = new ArrayList<>();
            for (Map.Entry<OptionalInt, VariantLocation> variant : vector.variants(repository)) {
                found.add(Map.entry(variant.getKey(), locator.locate(definition, variant.getKey())));
            }
            assertEquals(vector.variants(repository), found, vector.name());
            boolean expected = vector.flag("cachable").orElse(vector.flag("relocatable").orElse(true));
            assertEquals(expected, movable.cachable(definition, repository.toString(), vector.name()), vector.name());
            read++;
        }
        assertEquals(DefinitionVectors.all().size() - COMPUTED.size() - 1, read);
    }

    @Test
    void read_computedDefinition_namesAttributeAndLine() throws IOException, InterruptedException {
        int read = 0;
        for (DefinitionVectors.Case vector : DefinitionVectors.all()) {
            if (COMPUTED.containsKey(vector.name())) {
                Reading.NeedsCode code = assertInstanceOf(Reading.NeedsCode.class, read(vector), vector.name());
                assertEquals(COMPUTED.get(vector.name()), Map.entry(code.attribute(), code.line()), vector.name());
                read++;
            }
        }
        assertEquals(COMPUTED.size(), read);
    }

    @Test
    void locate_variantWithoutRequirements_hasNoFolder() throws IOException, InterruptedException {
        DefinitionVectors.Case vector = DefinitionVectors.all().stream().filter(DefinitionVectors.Case::isRefused)
                .findFirst().orElseThrow();
        Definition definition = assertInstanceOf(Reading.Found.class, read(vector)).definition();
        VariantLocator locator = new VariantLocator(Shortlinks.defaults(), DefinitionVectors.CANONICAL);
        assertInstanceOf(VariantLocation.NoFolder.class, locator.locate(definition, OptionalInt.of(0)));
        assertInstanceOf(VariantLocation.At.class, locator.locate(definition, OptionalInt.of(1)));
    }
}
