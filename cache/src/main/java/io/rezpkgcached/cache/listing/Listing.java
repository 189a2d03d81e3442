package io.rezpkgcached.cache.listing;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.CacheWalk;
import io.rezpkgcached.cache.layout.CachedVariant;
import io.rezpkgcached.cache.layout.Status;
import io.rezpkgcached.cache.layout.VariantLookup;
import io.rezpkgcached.cache.spool.RequestFile;
import io.rezpkgcached.cache.spool.RequestReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Lists a cache as rez does ({@code PackageCache.get_variants} and {@code cli/pkg-cache.py}): by status, then by name in
 * the order of code points, then as the folders come. Two entries of one handle are listed once. What cannot be read as
 * an index or a request, at which rez stops, is left out.
 */
public final class Listing {
    /** Fewer packages are listed before a second thread has begun. */
    private static final int WORTH_THREADS = 200;

    private final CacheLayout layout;
    private final VariantLookup lookup;
    private final RequestReader requests;
    private final VariantNames names;
    private final InstantSource time;

    public Listing(CacheLayout layout, InstantSource time) {
        this.layout = layout;
        this.lookup = new VariantLookup(layout, time);
        this.requests = RequestReader.plain(time);
        this.names = new VariantNames(layout);
        this.time = time;
    }

    /** All variants that are in the cache or requested. */
    public List<ListedVariant> list() throws IOException {
        ListingMemory memory = ListingMemory.read(layout);
        List<ListingMemory.Listed> packages = ofPackages(CacheWalk.packages(layout), memory);
        memory.keep(packages);
        List<ListedVariant> listed = new ArrayList<>();
        for (ListingMemory.Listed each : packages) {
            listed.addAll(each.variants()); // a handle has one package
        }
        for (Handle handle : pending()) {
            if (lookup.find(handle).isEmpty()) {
                listed.add(new ListedVariant(Status.PENDING, handle, names.uri(handle), Optional.empty()));
            }
        }
        listed.sort(Listing::compare);
        return listed;
    }

    /** A large cache is read by several threads: it is thousands of files. */
    private List<ListingMemory.Listed> ofPackages(List<Path> packages, ListingMemory memory) throws IOException {
        if (packages.size() < WORTH_THREADS) {
            List<ListingMemory.Listed> listed = new ArrayList<>();
            for (Path each : packages) {
                listed.add(ofPackage(each, memory));
            }
            return listed;
        }
        try {
            return packages.parallelStream().map(each -> {
                try {
                    return ofPackage(each, memory);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private ListingMemory.Listed ofPackage(Path packageDirectory, ListingMemory memory) throws IOException {
        Optional<ListingMemory.Listed> remembered = memory.of(packageDirectory);
        if (remembered.isPresent()) {
            return remembered.get();
        }
        ListingMemory.Note note = new ListingMemory.Note(layout, time.instant());
        Map<Handle, CachedVariant> best = new LinkedHashMap<>();
        note.folder(packageDirectory);
        for (Path version : CacheWalk.sorted(packageDirectory)) {
            note.folder(version);
            for (Path hashDirectory : CacheWalk.sorted(version)) {
                note.folder(hashDirectory);
                VariantLookup.Found found = lookup.look(hashDirectory);
                if (!found.isSettled()) {
                    note.unsettled();
                }
                for (CachedVariant each : found.entries()) {
                    best.merge(each.handle(), each,
                            (one, other) -> VariantLookup.order().compare(one, other) <= 0 ? one : other);
                }
            }
        }
        List<ListedVariant> listed = new ArrayList<>();
        for (CachedVariant variant : best.values()) {
            ListedVariant each = new ListedVariant(variant.status(), variant.handle(), names.uri(variant.handle()),
                    Optional.of(variant.entry().payload()));
            note.variant(each);
            listed.add(each);
        }
        return new ListingMemory.Listed(listed, note.lines(), false);
    }

    /** Written out, as in {@link VariantLookup#order}. */
    private static int compare(ListedVariant one, ListedVariant other) {
        int byStatus = one.status().compareTo(other.status());
        return byStatus == 0 ? compareCodePoints(one.name(), other.name()) : byStatus;
    }

    private List<Handle> pending() throws IOException {
        List<Handle> handles = new ArrayList<>();
        for (Path path : CacheWalk.requests(layout)) {
            if (requests.read(path) instanceof RequestFile.Complete complete && !handles.contains(complete.handle())) {
                handles.add(complete.handle());
            }
        }
        return handles;
    }

    /** Python compares strings by code points, Java by UTF-16 units. */
    private static int compareCodePoints(String one, String other) {
        for (int i = 0; i < Math.min(one.length(), other.length()); i++) {
            char left = one.charAt(i);
            char right = other.charAt(i);
            if (left != right) {
                // A surrogate is of a code point beyond all that have one unit.
                boolean isBeyond = Character.isSurrogate(left);
                return isBeyond == Character.isSurrogate(right) ? left - right : isBeyond ? 1 : -1;
            }
        }
        return one.length() - other.length();
    }
}
