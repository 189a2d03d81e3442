package io.rezpkgcached.resolve.key;

import io.rezpkgcached.cache.python.PythonText;
import io.rezpkgcached.cache.version.Requirement;
import io.rezpkgcached.cache.version.VersionException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * All that decides what a resolve is stored under.
 *
 * @param requests canonical, with the implicit ones last
 * @param repositories in the order in which they are searched
 * @param filterHash {@link PackageFilters#hash}
 * @param orderersHash {@link PackageOrderers#hash}
 * @param timestamp packages released later are not seen, in seconds; empty, and never 0: all are
 */
public record ResolveRequest(List<String> requests, List<RepositoryFolder> repositories, String filterHash,
        String orderersHash, boolean building, boolean pruning, OptionalLong timestamp) {

    public ResolveRequest {
        requests = List.copyOf(requests);
        repositories = List.copyOf(repositories);
        Objects.requireNonNull(filterHash, "filterHash");
        Objects.requireNonNull(orderersHash, "orderersHash");
        if (timestamp.isPresent() && timestamp.getAsLong() == 0) {
            timestamp = OptionalLong.empty(); // as in rez
        }
    }

    /**
     * Requests as rez prints them.
     *
     * @throws UnprintableException if rez would not take one
     */
    public static List<String> canonical(List<String> requests) throws UnprintableException {
        List<String> result = new ArrayList<>();
        for (String request : requests) {
            try {
                Requirement requirement = Requirement.parse(request);
                String name = requirement.name();
                if (!RepositoryFolder.isName(request.startsWith(".") ? name.substring(1) : name)) {
                    throw new UnprintableException("not a valid package name: " + PythonText.repr(name));
                }
                result.add(requirement.toString());
            } catch (VersionException e) {
                throw new UnprintableException("not a request: " + request + ": " + e.getMessage());
            }
        }
        return result;
    }

    /** The key that holds the newest resolve, whatever the timestamp. */
    public ResolveKey plainKey() {
        return new ResolveKey("(" + parts() + ")");
    }

    /** The key of the timestamp's own resolve. */
    public ResolveKey timestampedKey() {
        return new ResolveKey("(" + parts() + ", " + timestamp.orElseThrow() + ")");
    }

    private String parts() {
        return "'resolve', " + tuple(requests.stream().map(PythonText::repr).toList()) + ", "
                + tuple(repositories.stream().map(RepositoryFolder::uid).toList()) + ", " + PythonText.repr(filterHash)
                + ", " + PythonText.repr(orderersHash) + ", " + truth(building) + ", False, " + truth(pruning);
    }

    /** The latest release of a package; 0 where one of them cannot be told, or there is none. */
    public double lastRelease(String name) {
        double latest = 0;
        for (RepositoryFolder repository : repositories) {
            OptionalDouble time = repository.lastRelease(name);
            if (time.isPresent() && time.getAsDouble() == 0) {
                return 0;
            }
            latest = Math.max(latest, time.orElse(0));
        }
        return latest;
    }

    private static String truth(boolean value) {
        return value ? "True" : "False";
    }

    private static String tuple(List<String> items) {
        return items.stream().collect(Collectors.joining(", ", "(", items.size() == 1 ? ",)" : ")"));
    }
}
