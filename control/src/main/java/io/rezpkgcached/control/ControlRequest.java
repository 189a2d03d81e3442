package io.rezpkgcached.control;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.handle.MalformedHandleException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a client asks of the daemon, one thing on each connection. */
public sealed interface ControlRequest {
    /** What it is doing. */
    record Status() implements ControlRequest {}

    /** Everything that happens, until the client closes. */
    record Watch() implements ControlRequest {}

    /** What waits for another try, was given up or was refused, with reasons: all of it, or of refused requests one's own. */
    record Requests() implements ControlRequest {}

    /** A full clean. */
    record Clean() implements ControlRequest {}

    /** Take a variant out of the cache. */
    record Remove(Handle handle) implements ControlRequest {}

    /** Try again what waits, was given up, or was refused; empty: all of it. */
    record Retry(Optional<Handle> handle) implements ControlRequest {}

    /** Drop what waits, was given up, or was refused; empty: all of it. */
    record Discard(Optional<Handle> handle) implements ControlRequest {}

    /**
     * Cache these when nothing else waits: of a cache whose folder of such requests is the daemon's.
     *
     * @param handles so many, and so long, as {@link #batches} makes them
     */
    record Prefetch(List<Handle> handles) implements ControlRequest {
        /** Looked up and written in one turn of the loop. */
        static final int MOST = 100;

        /** What the rest of a line needs at most. */
        private static final int FRAME = 1024;

        public Prefetch {
            handles = List.copyOf(handles);
        }

        /** The same as so many requests as it takes. */
        public static List<Prefetch> batches(List<Handle> handles) {
            List<Prefetch> batches = new ArrayList<>();
            List<Handle> batch = new ArrayList<>();
            int bytes = FRAME;
            for (Handle handle : handles) {
                int length = Line.of(handle.toTree()).length + 1;
                if (!batch.isEmpty() && (batch.size() == MOST || bytes + length > Line.MOST_OF_REQUEST)) {
                    batches.add(new Prefetch(batch));
                    batch.clear();
                    bytes = FRAME;
                }
                batch.add(handle);
                bytes += length;
            }
            if (!batch.isEmpty()) {
                batches.add(new Prefetch(batch));
            }
            return batches;
        }

        private static Prefetch parse(Object handles) throws ProtocolException {
            if (!(handles instanceof List<?> list) || list.isEmpty() || list.size() > MOST) {
                throw new ProtocolException("prefetch needs handles, a list of 1 to " + MOST + " of them");
            }
            List<Handle> parsed = new ArrayList<>();
            for (Object each : list) {
                parsed.add(ControlRequest.parseHandle(each));
            }
            return new Prefetch(parsed);
        }
    }

    /** Whether it changes something, which not everyone may. */
    default boolean isChange() {
        return !(this instanceof Status || this instanceof Watch || this instanceof Requests);
    }

    private String command() {
        return switch (this) {
            case Status _ -> "status";
            case Watch _ -> "watch";
            case Requests _ -> "requests";
            case Clean _ -> "clean";
            case Remove _ -> "remove";
            case Retry _ -> "retry";
            case Discard _ -> "discard";
            case Prefetch _ -> "prefetch";
        };
    }

    private Optional<Handle> about() {
        return switch (this) {
            case Status _,Watch _,Requests _,Clean _,Prefetch _ -> Optional.empty();
            case Remove remove -> Optional.of(remove.handle());
            case Retry retry -> retry.handle();
            case Discard discard -> discard.handle();
        };
    }

    /** As it is sent. */
    default Map<String, Object> toTree() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("protocol", Line.PROTOCOL);
        object.put("command", command());
        about().ifPresent(handle -> object.put("handle", handle.toTree()));
        if (this instanceof Prefetch prefetch) {
            object.put("handles", prefetch.handles().stream().map(Handle::toTree).toList());
        }
        return object;
    }

    /**
     * The request that an object is.
     *
     * @throws ProtocolException if it is none that we know
     */
    static ControlRequest parse(Map<String, Object> object) throws ProtocolException {
        Line.checkProtocol(object);
        Optional<Handle> handle = handle(object);
        return switch (object.get("command") instanceof String name ? name : "") {
            case "status" -> new Status();
            case "watch" -> new Watch();
            case "requests" -> new Requests();
            case "clean" -> new Clean();
            case "remove" -> new Remove(handle.orElseThrow(
                    () -> new ProtocolException("remove needs a handle")));
            case "retry" -> new Retry(handle);
            case "discard" -> new Discard(handle);
            case "prefetch" -> Prefetch.parse(object.get("handles"));
            default -> throw new ProtocolException("unknown command " + object.get("command")
                    + "; there are status, watch, requests, clean, remove, retry, discard and prefetch");
        };
    }

    private static Optional<Handle> handle(Map<String, Object> object) throws ProtocolException {
        if (!object.containsKey("handle")) {
            return Optional.empty();
        }
        return Optional.of(parseHandle(object.get("handle")));
    }

    private static Handle parseHandle(Object tree) throws ProtocolException {
        try {
            return Handle.parse(tree);
        } catch (MalformedHandleException e) {
            throw new ProtocolException(e.getMessage(), e);
        }
    }
}
