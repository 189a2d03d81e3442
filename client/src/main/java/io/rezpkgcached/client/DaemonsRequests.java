package io.rezpkgcached.client;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.handle.MalformedHandleException;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.control.ControlClient;
import io.rezpkgcached.control.ControlRequest;
import io.rezpkgcached.control.Reply;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What another user's daemon keeps to itself of requests that are not served, as far as it tells us: asked for anew when it is older than a
 * second. Nothing where no daemon answers.
 */
final class DaemonsRequests {
    private static final Duration FRESH = Duration.ofSeconds(1);

    private final CacheLayout layout;
    private List<Told> told = List.of();
    private boolean answered;
    private long asked = System.nanoTime() - FRESH.toNanos() - 1;

    /**
     * One of them.
     *
     * @param state {@code deferred}, {@code failed} or {@code refused}
     * @param file  its name, where it holds no handle; else empty
     */
    record Told(String state, Optional<Handle> handle, String file, String reason, OptionalLong tries,
            Optional<Instant> time,
            OptionalLong owner) {
        static Told of(Map<String, Object> fields) {
            return new Told(text(fields, "state"), handle(fields), text(fields, "file"), text(fields, "reason"),
                    number(fields, "tries"), time(fields), number(fields, "owner"));
        }

        private static Optional<Handle> handle(Map<String, Object> fields) {
            try {
                return fields.containsKey("handle")
                        ? Optional.of(Handle.parse(fields.get("handle")))
                        : Optional.empty();
            } catch (MalformedHandleException _) {
                return Optional.empty(); // of a daemon that knows more kinds than we do
            }
        }

        private static Optional<Instant> time(Map<String, Object> fields) {
            try {
                return Optional.of(text(fields, "time")).filter(text -> !text.isEmpty()).map(Instant::parse);
            } catch (DateTimeException _) {
                return Optional.empty();
            }
        }

        private static String text(Map<String, Object> fields, String name) {
            return fields.get(name) instanceof String text ? text : "";
        }

        private static OptionalLong number(Map<String, Object> fields, String name) {
            return fields.get(name) instanceof Long number ? OptionalLong.of(number) : OptionalLong.empty();
        }
    }

    DaemonsRequests(CacheLayout layout) {
        this.layout = layout;
    }

    /** All that it tells, in its order. */
    List<Told> all() throws IOException {
        if (System.nanoTime() - asked > FRESH.toNanos()) {
            ask();
            asked = System.nanoTime();
        }
        return told;
    }

    /** Whether a daemon answered at the last look. */
    boolean isAnswered() {
        return answered;
    }

    /** Why a variant is in this state; empty if it is not, or nobody tells us. */
    Optional<String> reason(String state, Handle handle) throws IOException {
        return find(state, handle).map(Told::reason);
    }

    /** What is told of a variant in this state. */
    Optional<Told> find(String state, Handle handle) throws IOException {
        return all().stream().filter(each -> each.state().equals(state) && each.handle().equals(Optional.of(handle)))
                .findFirst();
    }

    private void ask() throws IOException {
        List<Told> found = new ArrayList<>();
        answered = false;
        Optional<ControlClient> client = ControlClient.ask(layout, new ControlRequest.Requests());
        if (client.isEmpty()) {
            told = List.of();
            return;
        }
        try (ControlClient open = client.get()) {
            Reply reply = open.next(DaemonAdder.SILENCE);
            while (!reply.isLast()) {
                if (reply instanceof Reply.Request request) {
                    found.add(Told.of(request.fields()));
                }
                reply = open.next(DaemonAdder.SILENCE);
            }
            answered = reply instanceof Reply.Done;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException _) {
            // it went away, or is stuck: as if there were none
        }
        told = found;
    }
}
