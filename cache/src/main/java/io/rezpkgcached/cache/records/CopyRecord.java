package io.rezpkgcached.cache.records;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.handle.MalformedHandleException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The record of one copy.
 *
 * @param entry        of the payload, relative to the cache: {@code <package>/<version>/<hash>/<inc>}
 * @param uri          rez's URI of the variant
 * @param root         where the payload was copied from
 * @param requirements of the variant, as {@code <inc>.json} has them; empty where it has no index
 * @param files        regular files, hard links counted each
 * @param bytes        of all files
 * @param started      when the copy was begun
 * @param took         until it was published
 * @param sourceTime   the latest modification time of anything that was copied
 */
public record CopyRecord(Handle handle, String entry, String uri, String root, List<String> requirements, long files,
        long directories, long links, long bytes, Instant started, Duration took, Instant sourceTime) {
    public CopyRecord {
        Objects.requireNonNull(handle, "handle");
        Objects.requireNonNull(entry, "entry");
        Objects.requireNonNull(uri, "uri");
        Objects.requireNonNull(root, "root");
        requirements = List.copyOf(requirements);
    }

    Map<String, Object> toTree() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("handle", handle.toTree());
        object.put("entry", entry);
        object.put("uri", uri);
        object.put("root", root);
        object.put("requirements", requirements);
        object.put("files", files);
        object.put("directories", directories);
        object.put("links", links);
        object.put("bytes", bytes);
        object.put("started", started.toString());
        object.put("milliseconds", took.toMillis());
        object.put("source_time", sourceTime.toString());
        return object;
    }

    /** Empty if the object is no such record. */
    static Optional<CopyRecord> parse(Map<String, Object> object) {
        try {
            List<String> requirements = ((List<?>) object.get("requirements")).stream().map(String.class::cast)
                    .toList();
            return Optional.of(new CopyRecord(Handle.parse(object.get("handle")), (String) object.get("entry"),
                    (String) object.get("uri"),
                    (String) object.get("root"), requirements, (Long) object.get("files"),
                    (Long) object.get("directories"), (Long) object.get("links"), (Long) object.get("bytes"),
                    Instant.parse((String) object.get("started")), Duration.ofMillis((Long) object.get("milliseconds")),
                    Instant.parse((String) object.get("source_time"))));
        } catch (MalformedHandleException | DateTimeException | ClassCastException | NullPointerException _) {
            return Optional.empty();
        }
    }
}
