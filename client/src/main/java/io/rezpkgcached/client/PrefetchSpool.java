package io.rezpkgcached.client;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.handle.MalformedHandleException;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.VariantLookup;
import io.rezpkgcached.cache.posix.Posix;
import io.rezpkgcached.cache.spool.PrefetchWriter;
import io.rezpkgcached.cache.spool.RequestReader;
import io.rezpkgcached.control.ControlClient;
import io.rezpkgcached.control.ControlRequest;
import io.rezpkgcached.control.Reply;
import io.rezpkgcached.settings.SettingsException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Requests variants that nobody waits for yet: in a cache of our user's own by files, in another's through its daemon, whose folder
 * that is.
 */
final class PrefetchSpool {
    private final Session session;
    private final CacheLayout layout;
    private final Map<Handle, Outcome> outcomes = new LinkedHashMap<>();

    private PrefetchSpool(Session session, CacheLayout layout) {
        this.session = session;
        this.layout = layout;
    }

    /** What came of one variant. */
    sealed interface Outcome {
        /** It is requested now. */
        record Requested() implements Outcome {}

        /** Somebody had requested it. */
        record AlreadyRequested() implements Outcome {}

        /** It is in the cache. */
        record InCache() implements Outcome {}

        /** It is not requested, for a reason. */
        record NotRequested(String reason) implements Outcome {}
    }

    /**
     * Requests them.
     *
     * @throws IOException if that cannot be: the cache is another user's, and no daemon answers, or it refuses
     */
    static Map<Handle, Outcome> request(Collection<Handle> handles, Session session, CacheLayout layout)
            throws SettingsException, IOException, InterruptedException {
        PrefetchSpool spool = new PrefetchSpool(session, layout);
        VariantLookup lookup = new VariantLookup(layout, session.time());
        List<Handle> wanted = new ArrayList<>();
        for (Handle handle : handles) {
            if (lookup.find(handle).isPresent()) {
                spool.outcomes.put(handle, new Outcome.InCache());
            } else {
                wanted.add(handle);
            }
        }
        if (wanted.isEmpty()) {
            return spool.outcomes;
        }
        if (new SharedUse(session, layout).isOwn()) {
            spool.write(wanted);
        } else {
            for (ControlRequest.Prefetch batch : ControlRequest.Prefetch.batches(wanted)) {
                spool.ask(batch);
            }
        }
        return spool.outcomes;
    }

    private void write(List<Handle> wanted) throws IOException {
        PrefetchWriter writer = new PrefetchWriter(layout, RequestReader.plain(session.time()), Posix.geteuid());
        for (Handle handle : wanted) {
            outcomes.put(handle, writer.write(handle).isPresent()
                    ? new Outcome.Requested()
                    : new Outcome.AlreadyRequested());
        }
    }

    private void ask(ControlRequest.Prefetch batch) throws IOException, InterruptedException {
        try (ControlClient daemon = ControlClient.reach(layout, batch).orElseThrow(() -> new IOException(
                "the cache " + layout + " is another user's, and what is prefetched goes through its daemon, which"
                        + " does not run: start it"))) {
            Reply reply = daemon.next(DaemonAdder.SILENCE);
            while (!reply.isLast()) {
                if (reply instanceof Reply.Request told) {
                    told(told.fields());
                }
                reply = daemon.next(DaemonAdder.SILENCE);
            }
            if (reply instanceof Reply.Refusal refusal) {
                throw new IOException("the daemon refuses: " + refusal.message());
            }
        }
        for (Handle handle : batch.handles()) {
            outcomes.putIfAbsent(handle, new Outcome.NotRequested("the daemon stops"));
        }
    }

    private void told(Map<String, Object> fields) throws IOException {
        try {
            outcomes.put(Handle.parse(fields.get("handle")),
                    switch (String.valueOf(fields.get("state"))) {
                        case "prefetch" -> new Outcome.Requested();
                        case "already requested" -> new Outcome.AlreadyRequested();
                        case "in the cache" -> new Outcome.InCache();
                        default -> new Outcome.NotRequested(String.valueOf(fields.get("reason")));
                    });
        } catch (MalformedHandleException e) {
            throw new IOException("the daemon tells of another variant than it was asked for: " + e.getMessage(), e);
        }
    }
}
