package io.rezpkgcached.cache.add;

import io.rezpkgcached.cache.definition.Definition;
import io.rezpkgcached.cache.handle.Handle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Why rez would not cache a variant, in its own words ({@code PackageCache.add_variant}). */
final class RezRules {
    private final AddPolicy policy;
    private final Path cache;
    private final boolean forced;

    /** @param forced whether only what cannot be copied at all is declined */
    RezRules(AddPolicy policy, Path cache, boolean forced) {
        this.policy = policy;
        this.cache = cache;
        this.forced = forced;
    }

    RezRules forced() {
        return new RezRules(policy, cache, true);
    }

    /** Empty if rez would cache it. The order of the rules is rez's, so that the first reason is the same. */
    Optional<String> decline(Handle handle, Definition definition, Path root, String uri) throws IOException {
        String packageUri = definition.file().toString();
        if (!Files.isDirectory(root)) {
            return Optional.of("Not cached - variant " + uri + " root does not appear on disk: " + root);
        }
        if (forced) {
            return Optional.empty();
        }
        if (!policy.cachability().cachable(definition, handle.location(), handle.name())) {
            return Optional.of("Not cached - package is not cachable: " + packageUri);
        }
        if (!policy.local() && isLocal(handle)) {
            return Optional.of("Not cached - package is local: " + packageUri);
        }
        if (!policy.sameDevice() && device(root).equals(device(cache))) {
            return Optional.of("Not cached - variant " + uri + " is on same device as cache: " + root);
        }
        if (handle.location().startsWith(policy.tmpdir() + "/")) {
            return Optional.of("Not cached - package is in temp repository filesystem@" + handle.location());
        }
        return Optional.empty();
    }

    /** rez compares real path and inode of the two repositories. */
    private boolean isLocal(Handle handle) throws IOException {
        Path location = Path.of(handle.location());
        Optional<Path> local = policy.localRepository();
        return local.isPresent() && Files.exists(local.get()) && Files.isSameFile(location, local.get());
    }

    private static Object device(Path path) throws IOException {
        return Files.getAttribute(path, "unix:dev");
    }
}
