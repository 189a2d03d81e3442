package io.rezpkgcached.client;

import io.rezpkgcached.cache.definition.DefinitionReader;
import io.rezpkgcached.cache.definition.Reading;
import io.rezpkgcached.cache.definition.VariantLocation;
import io.rezpkgcached.cache.definition.VariantLocator;
import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.settings.CachePolicies;
import io.rezpkgcached.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The variants of the configured repositories, by their URIs ({@code get_variant_from_uri}). */
final class KnownVariants {
    private final Session session;
    private final DefinitionReader definitions;
    private final VariantLocator locator;

    KnownVariants(Session session) throws SettingsException {
        this.session = session;
        CachePolicies policies = session.policies();
        this.definitions = policies.definitions();
        this.locator = policies.locator();
    }

    /** The handle of a variant that there is; of one whose definition cannot be read, too, so that the reason is told later. */
    Optional<Handle> find(String uri) throws SettingsException, IOException, InterruptedException {
        Optional<Handle> named = VariantUri.find(uri, session.settings().packages().packagesPath());
        return named.isPresent() && exists(named.get()) ? named : Optional.empty();
    }

    /**
     * The same.
     *
     * @throws VariantUri.NoSuchVariantException if there is none
     */
    Handle require(String uri) throws SettingsException, IOException, InterruptedException {
        Handle handle = VariantUri.parse(uri, session.settings().packages().packagesPath());
        if (!exists(handle)) {
            throw new VariantUri.NoSuchVariantException(uri, "its package has none of this index, or is gone");
        }
        return handle;
    }

    private boolean exists(Handle handle) throws IOException, InterruptedException {
        return switch (definitions.read(Path.of(handle.location()), handle.name(), handle.version())) {
            case Reading.Absent _ -> false;
            case Reading.Found found ->
                !(locator.locate(found.definition(), handle.index()) instanceof VariantLocation.NoSuchVariant);
            case Reading.Unreachable _,Reading.NeedsCode _,Reading.Malformed _ -> true;
        };
    }
}
