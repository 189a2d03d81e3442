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
import java.util.Arrays;
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

    public Listing(CacheLayout layout, InstantSource time) {
        this.layout = layout;
        this.lookup = new VariantLookup(layout, time);
        this.requests = RequestReader.plain(time);
        this.names = new VariantNames(layout);
    }

    /** All variants that are in the cache or requested. */
    public List<ListedVariant> list() throws IOException {
        Map<Handle, ListedVariant> cached = new LinkedHashMap<>();
        for (List<ListedVariant> ofPackage : ofPackages(CacheWalk.packages(layout))) {
            for (ListedVariant variant : ofPackage) {
                cached.put(variant.handle(), variant); // a handle has one package
            }
        }
        List<ListedVariant> listed = new ArrayList<>(cached.values());
        for (Handle handle : pending()) {
            if (!cached.containsKey(handle)) {
                listed.add(new ListedVariant(Status.PENDING, handle, names.uri(handle), Optional.empty()));
            }
        }
        listed.sort(Listing::compare);
        return listed;
    }

    /** A large cache is read by several threads: it is thousands of files. */
    private List<List<ListedVariant>> ofPackages(List<Path> packages) throws IOException {
        if (packages.size() < WORTH_THREADS) {
            List<List<ListedVariant>> listed = new ArrayList<>();
            for (Path each : packages) {
                listed.add(ofPackage(each));
            }
            return listed;
        }
        try {
            return packages.parallelStream().map(each -> {
                try {
                    return ofPackage(each);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private List<ListedVariant> ofPackage(Path packageDirectory) throws IOException {
        Map<Handle, CachedVariant> best = new LinkedHashMap<>();
        for (Path hashDirectory : CacheWalk.hashDirectories(packageDirectory)) {
            for (CachedVariant found : lookup.entries(hashDirectory)) {
                best.merge(found.handle(), found,
                        (one, other) -> VariantLookup.order().compare(one, other) <= 0 ? one : other);
            }
        }
        List<ListedVariant> listed = new ArrayList<>();
        for (CachedVariant variant : best.values()) {
            listed.add(new ListedVariant(variant.status(), variant.handle(), names.uri(variant.handle()),
                    Optional.of(variant.entry().payload())));
        }
        return listed;
    }

    /** Written out, as in {@link VariantLookup#order}. */
    private static int compare(ListedVariant one, ListedVariant other) {
        int byStatus = one.status().compareTo(other.status());
        return byStatus == 0 ? compareCodePoints(one.handle().name(), other.handle().name()) : byStatus;
    }

    private List<Handle> pending() throws IOException {
        List<Handle> handles = new ArrayList<>();
        for (Path folder : layout.requests()) {
            for (Path path : CacheWalk.children(folder)) {
                if (requests.read(path) instanceof RequestFile.Complete complete
                        && !handles.contains(complete.handle())) {
                    handles.add(complete.handle());
                }
            }
        }
        return handles;
    }

    /** Python compares strings by code points, Java by UTF-16 units. */
    private static int compareCodePoints(String one, String other) {
        int[] left = one.codePoints().toArray();
        int[] right = other.codePoints().toArray();
        return Arrays.compare(left, right);
    }
}
