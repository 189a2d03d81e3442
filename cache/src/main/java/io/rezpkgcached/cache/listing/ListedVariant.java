package io.rezpkgcached.cache.listing;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.Entry;
import io.rezpkgcached.cache.layout.IndexFile;
import io.rezpkgcached.cache.layout.Status;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** One line of a listing. Two are equal if they would be printed alike. */
public final class ListedVariant {
    private final Status status;
    private final String name;
    private final String qualifiedName;
    private final String uri;
    private final Optional<String> payload;
    private final Optional<Handle> handle;

    private ListedVariant(Status status, String name, String qualifiedName, String uri, Optional<String> payload,
            Optional<Handle> handle) {
        this.name = name;
        this.status = status;
        this.qualifiedName = qualifiedName;
        this.uri = uri;
        this.payload = payload;
        this.handle = handle;
    }

    public ListedVariant(Status status, Handle handle, String uri, Optional<Path> payload) {
        this(status, handle.name(), handle.qualifiedName(), uri, payload.map(Path::toString), Optional.of(handle));
    }

    /** A cached one that an earlier listing found, and whose handle is read when it is asked for. */
    static ListedVariant remembered(String name, String qualifiedName, String uri, String payload) {
        return new ListedVariant(Status.CACHED, name, qualifiedName, uri, Optional.of(payload), Optional.empty());
    }

    public Status status() {
        return status;
    }

    /** The name of the package. */
    public String name() {
        return name;
    }

    /** {@code name-version}. */
    public String qualifiedName() {
        return qualifiedName;
    }

    public String uri() {
        return uri;
    }

    /** Where it is, or is to be, in the cache, as the text of an absolute path; empty while it is pending. */
    public Optional<String> payload() {
        return payload;
    }

    /**
     * Which variant it is.
     *
     * @throws NoSuchFileException if it has gone since it was listed
     */
    public Handle handle() throws IOException {
        if (handle.isPresent()) {
            return handle.get();
        }
        Path place = Path.of(payload.orElseThrow());
        Path index = new Entry(place.getParent(), place.getFileName().toString()).index();
        return IndexFile.read(index).orElseThrow(() -> new NoSuchFileException(index.toString(), null, "no index"));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ListedVariant listed && status == listed.status
                && qualifiedName.equals(listed.qualifiedName) && uri.equals(listed.uri)
                && payload.equals(listed.payload);
    }

    @Override
    public int hashCode() {
        return Objects.hash(status, qualifiedName, uri, payload);
    }

    @Override
    public String toString() {
        return status + " " + qualifiedName + " " + uri + " " + payload;
    }
}
