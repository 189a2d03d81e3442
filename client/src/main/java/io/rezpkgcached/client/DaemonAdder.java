package io.rezpkgcached.client;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.spool.RequestReader;
import io.rezpkgcached.cache.spool.RequestWriter;
import io.rezpkgcached.control.ControlClient;
import io.rezpkgcached.control.ControlRequest;
import io.rezpkgcached.control.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Has the daemon cache variants: requests them through the spool, and watches what comes of that. */
final class DaemonAdder implements AutoCloseable {
    /** The daemon says every 2 s that it is alive. */
    static final Duration SILENCE = Duration.ofSeconds(6);

    private final ControlClient watch;
    private final Session session;
    private final RequestWriter requests;

    private DaemonAdder(ControlClient watch, Session session, RequestWriter requests) {
        this.watch = watch;
        this.session = session;
        this.requests = requests;
    }

    /** Empty if no daemon listens, or the one that does is stuck; then it says so. */
    static Optional<DaemonAdder> of(Session session, CacheLayout layout) throws IOException, InterruptedException {
        Optional<ControlClient> client = ControlClient.ask(layout, new ControlRequest.Watch());
        if (client.isEmpty()) {
            return Optional.empty();
        }
        try {
            if (client.get().next(SILENCE) instanceof Reply.Watching) {
                return Optional.of(new DaemonAdder(client.get(), session,
                        new RequestWriter(layout, RequestReader.plain(session.time()))));
            }
        } catch (IOException e) {
            session.warning(e.getMessage() + "; copying without it");
        }
        client.get().close();
        return Optional.empty();
    }

    /** What the daemon says came of it; empty if it ended, or got stuck, before that. The request stays in the spool then. */
    Optional<Reply.Finished> add(Handle handle) throws IOException, InterruptedException {
        requests.write(handle);
        try (CopyProgress progress = new CopyProgress(session, handle.qualifiedName())) {
            while (true) {
                switch (watch.next(SILENCE)) {
                    case Reply.Progress part when part.handle().equals(handle) ->
                        progress.show(part.bytes(), part.totalBytes(), part.files(), part.totalFiles());
                    case Reply.Finished finished when finished.handle().equals(handle) -> {
                        return Optional.of(finished);
                    }
                    case Reply.Stopping _ -> {
                        session.warning("the daemon stops; copying without it");
                        return Optional.empty();
                    }
                    default -> {
                        // about others
                    }
                }
            }
        } catch (IOException e) {
            session.warning(e.getMessage() + "; copying without it");
            return Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        watch.close();
    }
}
