package io.rezpkgcached.resolve;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.resolve.key.ResolveRequest;
import java.util.ArrayList;
import java.util.List;

/**
 * The variants of a resolve that have payloads, each once.
 *
 * @param own     those in the repositories that were asked for
 * @param foreign the others: no solver makes such a resolve, so somebody wrote it to have something copied from elsewhere
 */
public record Payloads(List<Handle> own, List<Handle> foreign) {
    public Payloads {
        own = List.copyOf(own);
        foreign = List.copyOf(foreign);
    }

    /** Those of the resolve that a request has. */
    public static Payloads of(Resolve resolve, ResolveRequest request) {
        List<Handle> own = new ArrayList<>();
        List<Handle> foreign = new ArrayList<>();
        for (Handle handle : resolve.variants().stream().distinct().filter(each -> !each.isCombined()).toList()) {
            boolean asked = request.repositories().stream()
                    .anyMatch(repository -> repository.location().toString().equals(handle.location()));
            (asked ? own : foreign).add(handle);
        }
        return new Payloads(own, foreign);
    }
}
