package io.rezpkgcached.resolve.key;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.rezpkgcached.cache.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hashes of filters and orderers, against those of a real rez. */
final class HashesTest {

    private static List<?> json(String text) throws Exception {
        return (List<?>) Json.read(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void hashes_asRezMadeThem() throws Exception {
        for (Object vector : (List<?>) Json.read(HashesTest.class.getResourceAsStream("/hashes.json").readAllBytes())) {
            List<?> parts = (List<?>) vector;
            List<?> data = (List<?>) parts.get(1);
            String hash = parts.get(0).equals("filter")
                    ? PackageFilters.hash(data, false)
                    : PackageOrderers.hash(data);
            assertEquals(parts.get(2), hash, Json.write(data));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"[{\"excludes\": [\"regex((a|b).*)\"]}]", "[{\"excludes\": [\"nothing(x)\"]}]",
            "[{\"excludes\": [\"before(soon)\"]}]", "[1]", "[{\"excludes\": [1]}]",
            "[{\"excludes\": [\"range(foo-1<)\"]}]"})
    void filter_thatCannotBePrinted_isRefused(String filter) throws Exception {
        List<?> data = json(filter);
        assertThrows(UnprintableException.class, () -> PackageFilters.hash(data, true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[{\"type\": \"ours\"}]", "[1]", "[{\"type\": \"sorted\"}]", "[{\"type\": \"per_family\"}]",
            "[{\"type\": \"soft_timestamp\", \"timestamp\": \"1\"}]"})
    void orderer_thatCannotBePrinted_isRefused(String orderer) throws Exception {
        List<?> data = json(orderer);
        assertThrows(UnprintableException.class, () -> PackageOrderers.hash(data));
    }
}
