package io.rezpkgcached.resolve;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.resolve.key.ResolveRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PayloadsTest {
    @Test
    void of_resolveWithVariantsFromElsewhere_thoseAreForeign(@TempDir Path folder) throws Exception {
        Repository repository = new Repository(folder.resolve("packages"));
        Handle foo = repository.add("foo", "1.0");
        Handle evil = Handle.of(folder.resolve("elsewhere").toString(), "foo", Optional.of("1.0"),
                OptionalInt.empty());
        ResolveRequest request = new ResolveRequest(List.of("foo"), List.of(repository.located()), "", "", false, true,
                OptionalLong.empty());
        assertEquals(new Payloads(List.of(foo), List.of(evil)),
                Payloads.of(new Resolve(List.of(foo, evil, foo), List.of()), request));
    }
}
