package io.rezpkgcached.control;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.handle.MalformedHandleException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One line of an answer. {@link Done} and {@link Refusal} end it. */
public sealed interface Reply {
    /** What the daemon is doing: the fields of {@code docs/control.md}. */
    record Status(Map<String, Object> fields) implements Reply {
        public Status {
            fields = Map.copyOf(fields);
        }
    }

    /** From here on nothing is missed. */
    record Watching() implements Reply {}

    /** A copy was begun. */
    record Started(Handle handle, String uri) implements Reply {}

    /** How far a copy is. Totals are 0 until the payload has been looked through. */
    record Progress(Handle handle, long bytes, long totalBytes, long files, long totalFiles) implements Reply {}

    /**
     * What came of a request.
     *
     * @param outcome one of cached, already cached, copying, stalled, declined, refused, deferred, failed, cancelled
     * @param path    of the payload; empty where there is none
     * @param reason  why not, or when it is tried again; empty where it is cached
     */
    record Finished(Handle handle, String outcome, String path, String reason, More more) implements Reply {}

    /**
     * What else there is to say of it.
     *
     * @param warnings of a copy that was made, such as of links that lead nowhere
     * @param seconds  until it could be used; 0 where nothing was copied
     * @param failed   of a deferred one: whether its copy failed, rather than could not be begun now
     * @param nextTry  of a deferred one: when, in ISO 8601; else empty
     */
    record More(List<String> warnings, double seconds, boolean failed, String nextTry) {
        public static final More NOTHING = new More(List.of(), 0, false, "");

        public More {
            warnings = List.copyOf(warnings);
        }

        private static More of(Map<String, Object> object) { // a daemon of an earlier version does not send it
            List<String> warnings = new ArrayList<>();
            if (object.get("warnings") instanceof List<?> list) {
                list.forEach(warning -> warnings.add(warning.toString()));
            }
            return new More(warnings, object.get("seconds") instanceof Number seconds ? seconds.doubleValue() : 0,
                    Boolean.TRUE.equals(object.get("failed")),
                    object.get("next_try") instanceof String time ? time : "");
        }
    }

    /** A request that is not served: the fields of {@code docs/control.md}. */
    record Request(Map<String, Object> fields) implements Reply {
        public Request {
            fields = Map.copyOf(fields);
        }
    }

    /** What a clean did, in the words of the log. */
    record Cleaned(boolean isWarning, String message) implements Reply {}

    /** Nothing happened for a while, but the daemon is well. */
    record Alive() implements Reply {}

    /** The daemon is asked to end. */
    record Stopping() implements Reply {}

    /**
     * It is done.
     *
     * @param outcome of remove: removed, not found, or copying; of retry and discard: how many; else empty
     */
    record Done(String outcome) implements Reply {}

    /**
     * It is not done.
     *
     * @param kind forbidden, admins (for these alone, in a shared cache), protocol, busy, or failed
     */
    record Refusal(String kind, String message) implements Reply {}

    /** Whether no line follows. */
    default boolean isLast() {
        return this instanceof Done || this instanceof Refusal || this instanceof Stopping;
    }

    /** As it is sent. */
    default Map<String, Object> toTree() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("protocol", Line.PROTOCOL);
        switch (this) {
            case Status status -> put(object, "status", status.fields());
            case Watching _ -> put(object, "watching", Map.of());
            case Started started -> {
                put(object, "started", Map.of("uri", started.uri()));
                object.put("handle", started.handle().toTree());
            }
            case Progress progress -> {
                put(object, "progress", Map.of("bytes", progress.bytes(), "total_bytes", progress.totalBytes(), "files",
                        progress.files(), "total_files", progress.totalFiles()));
                object.put("handle", progress.handle().toTree());
            }
            case Finished finished -> {
                More more = finished.more();
                put(object, "finished", Map.of("outcome", finished.outcome(), "path", finished.path(), "reason",
                        finished.reason(), "warnings", more.warnings(), "seconds", more.seconds(), "failed",
                        more.failed(), "next_try", more.nextTry()));
                object.put("handle", finished.handle().toTree());
            }
            case Request request -> put(object, "request", request.fields());
            case Cleaned cleaned ->
                put(object, "cleaned", Map.of("warning", cleaned.isWarning(), "message", cleaned.message()));
            case Alive _ -> put(object, "alive", Map.of());
            case Stopping _ -> put(object, "stopping", Map.of());
            case Done done -> put(object, "done", Map.of("outcome", done.outcome()));
            case Refusal refusal ->
                put(object, "error", Map.of("kind", refusal.kind(), "message", refusal.message()));
        }
        return object;
    }

    private static void put(Map<String, Object> object, String event, Map<String, Object> fields) {
        object.put("event", event);
        fields.entrySet().stream().sorted(Map.Entry.comparingByKey())
                .forEach(field -> object.put(field.getKey(), field.getValue()));
    }

    /**
     * The reply that an object is.
     *
     * @throws ProtocolException if it is none that we know
     */
    static Reply parse(Map<String, Object> object) throws ProtocolException {
        Line.checkProtocol(object);
        return switch (object.get("event") instanceof String name ? name : "") {
            case "status" -> {
                Map<String, Object> fields = new LinkedHashMap<>(object);
                fields.remove("protocol");
                fields.remove("event");
                yield new Status(fields);
            }
            case "watching" -> new Watching();
            case "started" -> new Started(handle(object), text(object, "uri"));
            case "progress" -> new Progress(handle(object), number(object, "bytes"), number(object, "total_bytes"),
                    number(object, "files"), number(object, "total_files"));
            case "finished" -> new Finished(handle(object), text(object, "outcome"), text(object, "path"),
                    text(object, "reason"), More.of(object));
            case "request" -> {
                Map<String, Object> fields = new LinkedHashMap<>(object);
                fields.remove("protocol");
                fields.remove("event");
                yield new Request(fields);
            }
            case "cleaned" -> new Cleaned(Boolean.TRUE.equals(object.get("warning")), text(object, "message"));
            case "alive" -> new Alive();
            case "stopping" -> new Stopping();
            case "done" -> new Done(text(object, "outcome"));
            case "error" -> new Refusal(text(object, "kind"), text(object, "message"));
            default -> throw new ProtocolException("unknown event " + object.get("event"));
        };
    }

    private static String text(Map<String, Object> object, String name) throws ProtocolException {
        if (object.get(name) instanceof String text) {
            return text;
        }
        throw new ProtocolException(name + " of event " + object.get("event") + " is missing");
    }

    private static long number(Map<String, Object> object, String name) throws ProtocolException {
        if (object.get(name) instanceof Long number) {
            return number;
        }
        throw new ProtocolException(name + " of event " + object.get("event") + " is missing");
    }

    private static Handle handle(Map<String, Object> object) throws ProtocolException {
        try {
            return Handle.parse(object.get("handle"));
        } catch (MalformedHandleException e) {
            throw new ProtocolException(e.getMessage(), e);
        }
    }
}
