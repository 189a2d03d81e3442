package io.rezpkgcached.resolve;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.json.Json;
import io.rezpkgcached.resolve.key.RepositoryFolder;
import io.rezpkgcached.resolve.key.ResolveRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** What has changed on disk since a resolve was stored, each file looked at once. Source: {@code Resolver} of rez 3.4.0. */
final class Changes {
    private final ResolveRequest request;
    private final Map<Handle, Optional<Double>> states = new HashMap<>();
    private final Map<String, Double> releases = new HashMap<>();
    private final Map<String, RepositoryFolder> folders = new HashMap<>();

    Changes(ResolveRequest request) {
        this.request = request;
        request.repositories().forEach(folder -> folders.put(folder.location().toString(), folder));
    }

    /** Of the repositories whose packages can be in the resolve. */
    Set<String> locations() {
        return folders.keySet();
    }

    /** The first variant that is not as it was. */
    Optional<String> variant(ResolveEntry entry) {
        for (Handle handle : entry.resolve().variants()) {
            Optional<Double> then = entry.variantStates().getOrDefault(handle.name(), Optional.empty());
            Optional<Double> now = state(handle);
            if (handle.isCombined() && now.isEmpty()) {
                return Optional.of(handle.qualifiedName() + " is gone from " + handle.location());
            }
            if (!then.equals(now)) {
                return Optional.of(handle.qualifiedName() + " has been modified: the time of its definition was "
                        + shown(then) + " and is " + shown(now));
            }
        }
        return Optional.empty();
    }

    /** The first package that was released since, or that is no longer where it was. */
    Optional<String> release(ResolveEntry entry) {
        for (Map.Entry<String, Double> then : entry.releaseTimes().entrySet()) {
            double now = lastRelease(then.getKey());
            if (now != then.getValue()) {
                return Optional.of(then.getKey() + " has been released or removed since: its last release was "
                        + Json.write(then.getValue()) + " and is " + Json.write(now));
            }
        }
        return Optional.empty();
    }

    /** The first package that was released after the request's timestamp. */
    Optional<String> afterTimestamp(ResolveEntry entry) {
        for (Map.Entry<String, Double> release : entry.releaseTimes().entrySet()) {
            if (request.timestamp().orElseThrow() < release.getValue()) {
                return Optional.of(release.getKey() + " was released at " + Json.write(release.getValue())
                        + ", after the timestamp " + request.timestamp().getAsLong());
            }
        }
        return Optional.empty();
    }

    double lastRelease(String name) {
        return releases.computeIfAbsent(name, request::lastRelease);
    }

    Optional<Double> state(Handle handle) {
        return states.computeIfAbsent(handle, this::lookAt);
    }

    private Optional<Double> lookAt(Handle handle) {
        RepositoryFolder folder = folders.get(handle.location());
        if (folder == null) {
            return Optional.empty();
        }
        OptionalDouble time = handle.isCombined()
                ? folder.combinedTime(handle.name(), String.valueOf(handlePart(handle, "ext")))
                : folder.definitionTime(handle.name(), handle.version());
        return time.isPresent() ? Optional.of(time.getAsDouble()) : Optional.empty();
    }

    private static Object handlePart(Handle handle, String name) {
        return ((Map<?, ?>) handle.toTree().get("variables")).get(name);
    }

    private static String shown(Optional<Double> time) {
        return time.map(Json::write).orElse("none");
    }
}
