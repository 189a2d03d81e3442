package io.rezpkgcached.cache.spool;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.handle.MalformedHandleException;
import io.rezpkgcached.cache.json.Json;
import io.rezpkgcached.cache.json.JsonException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Why a request was refused.
 *
 * @param report  the file that says so
 * @param file    its name in the spool
 * @param owner   the user id of who wrote it; -1 if that is not known
 * @param content what it held
 */
public record RefusedRequest(Path report, String file, String reason, long owner, Instant time, String content) {
    /** The variant that was asked for, where the content is a handle at all. */
    public Optional<Handle> handle() {
        try {
            return Optional.of(Handle.parse(Json.read(content.getBytes(StandardCharsets.UTF_8))));
        } catch (JsonException | MalformedHandleException _) {
            return Optional.empty();
        }
    }

    static Optional<RefusedRequest> parse(Path report, Map<String, Object> object) {
        try {
            return object.get("reason") instanceof String reason && object.get("file") instanceof String file
                    && object.get("owner") instanceof Long owner && object.get("time") instanceof String time
                    && object.get("content") instanceof String content
                            ? Optional.of(new RefusedRequest(report, file, reason, owner, Instant.parse(time), content))
                            : Optional.empty();
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }
}
