package io.rezpkgcached.cache.definition;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rezpkgcached.cache.definition.Cachability.Rule;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class CachabilityTest {
    private static final Rule SILENT = new Rule(Optional.empty(), Map.of(), Map.of());

    private static boolean cachable(Rule cachable, Rule relocatable, Optional<Boolean> own,
            Optional<Boolean> ownRelocatable) {
        Definition definition = new Definition(Path.of("/r/foo/package.py"), Optional.empty(), false, own,
                ownRelocatable, OptionalLong.empty());
        return new Cachability(cachable, relocatable).cachable(definition, "/r", "foo");
    }

    private static boolean cachable(Rule cachable) {
        return cachable(cachable, SILENT, Optional.empty(), Optional.empty());
    }

    @Test
    void cachable_packageSays_decides() {
        Rule all = new Rule(Optional.of(false), Map.of("/r", false), Map.of("foo", false));
        assertEquals(true, cachable(all, all, Optional.of(true), Optional.of(false)));
        assertEquals(false,
                cachable(new Rule(Optional.of(true), Map.of(), Map.of()), all, Optional.of(false), Optional.of(true)));
    }

    @Test
    void cachable_packageSilent_repositoryThenNameThenDefault() {
        assertEquals(true, cachable(new Rule(Optional.of(false), Map.of("/r", true), Map.of("foo", false))));
        assertEquals(true, cachable(new Rule(Optional.of(false), Map.of("/r/", false), Map.of("foo", true))));
        assertEquals(true, cachable(new Rule(Optional.of(true), Map.of("/other", false), Map.of("bar", false))));
        assertEquals(false,
                cachable(new Rule(Optional.of(false), Map.of(), Map.of()),
                        new Rule(Optional.of(true), Map.of(), Map.of()),
                        Optional.empty(), Optional.of(true)));
    }

    @Test
    void cachable_allSilent_isRelocatable() {
        assertEquals(true, cachable(SILENT, SILENT, Optional.empty(), Optional.of(true)));
        assertEquals(true,
                cachable(SILENT, new Rule(Optional.of(true), Map.of(), Map.of()), Optional.empty(), Optional.empty()));
        assertEquals(false, cachable(SILENT, new Rule(Optional.of(true), Map.of("/r", false), Map.of()),
                Optional.empty(), Optional.empty()));
        assertEquals(false, cachable(SILENT, new Rule(Optional.of(true), Map.of(), Map.of("foo", false)),
                Optional.empty(), Optional.empty()));
        assertEquals(false, cachable(SILENT));
    }
}
