package io.rezpkgcached.cache.spool;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.handle.MalformedHandleException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is kept of a request that was tried in vain.
 *
 * @param tries  how many tries there were, those for want of space or of a repository not counted
 * @param reason why the last one failed
 * @param time   when the next one is due; of a failed request, when it was given up
 */
public record RequestNote(Handle handle, int tries, String reason, Instant time) {
    Map<String, Object> toTree() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("handle", handle.toTree());
        object.put("tries", tries);
        object.put("reason", reason);
        object.put("time", time.toString());
        return object;
    }

    /** Empty if the object is not such a note, as one that a power cut left. */
    static Optional<RequestNote> parse(Map<String, Object> object) {
        try {
            if (object.get("tries") instanceof Long tries && object.get("reason") instanceof String reason
                    && object.get("time") instanceof String time) {
                return Optional.of(new RequestNote(Handle.parse(object.get("handle")), Math.toIntExact(tries), reason,
                        Instant.parse(time)));
            }
            return Optional.empty();
        } catch (MalformedHandleException | DateTimeException | ArithmeticException _) {
            return Optional.empty();
        }
    }
}
