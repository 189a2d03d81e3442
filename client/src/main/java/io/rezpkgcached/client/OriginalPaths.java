package io.rezpkgcached.client;

import io.rezpkgcached.cache.definition.Definition;
import io.rezpkgcached.cache.definition.DefinitionReader;
import io.rezpkgcached.cache.definition.VariantLocation;
import io.rezpkgcached.cache.definition.VariantLocator;
import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.records.CopyRecord;
import io.rezpkgcached.cache.records.CopyRecords;
import io.rezpkgcached.settings.CachePolicies;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Where the payloads of variants lie in their repositories. */
final class OriginalPaths {
    private final DefinitionReader definitions;
    private final VariantLocator locator;
    private final CopyRecords records;

    OriginalPaths(CachePolicies policies, CacheLayout layout) {
        this.definitions = policies.definitions();
        this.locator = policies.locator();
        this.records = new CopyRecords(layout);
    }

    /** As the definition says; where that cannot be read, as it was when the variant was copied. */
    Optional<Path> of(Handle handle) {
        return defined(handle).or(() -> records.get(handle).map(CopyRecord::root).map(Path::of));
    }

    private Optional<Path> defined(Handle handle) {
        try {
            Optional<Definition> definition = definitions.readPlace(Path.of(handle.location()), handle.name(),
                    handle.version());
            return definition.isPresent()
                    && locator.locate(definition.get(), handle.index()) instanceof VariantLocation.At at
                            ? Optional.of(at.root())
                            : Optional.empty();
        } catch (IOException _) {
            return Optional.empty();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
