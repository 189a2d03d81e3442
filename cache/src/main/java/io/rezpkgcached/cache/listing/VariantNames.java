package io.rezpkgcached.cache.listing;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.records.CopyRecord;
import io.rezpkgcached.cache.records.CopyRecords;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The URI of a variant: its definition file and its index. Where the package cannot be seen, from the record of its
 * copy; where there is none, a definition in {@code package.py} is assumed. (rez says {@code None[]} then.)
 */
public final class VariantNames {
    private final CopyRecords records;

    public VariantNames(CacheLayout layout) {
        this.records = new CopyRecords(layout);
    }

    public String uri(Handle handle) {
        Path python = definition(handle, "package.py");
        if (Files.exists(python)) {
            return uri(python, handle);
        }
        Path yaml = definition(handle, "package.yaml");
        if (Files.exists(yaml)) {
            return uri(yaml, handle);
        }
        return records.get(handle).map(CopyRecord::uri).orElseGet(() -> uri(python, handle));
    }

    private static Path definition(Handle handle, String file) {
        return Path.of(handle.location(), handle.name(), handle.version().orElse(""), file);
    }

    private static String uri(Path definition, Handle handle) {
        return definition + "[" + (handle.index().isPresent() ? Integer.toString(handle.index().getAsInt()) : "") + "]";
    }
}
