package io.rezpkgcached.client;

import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.control.ControlClient;
import io.rezpkgcached.control.ControlRequest;
import io.rezpkgcached.control.Reply;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/** Has the daemon do something, where there is one. */
final class DaemonAnswer {
    private DaemonAnswer() {}

    /**
     * Asks, and waits for the last line of the answer.
     *
     * @param lines takes those before
     * @return empty if no daemon listens, or it does not do this for our user, or it has gone or is stuck, which is
     *         said then: do it without one
     * @throws IOException if the daemon refuses it; the message says why
     */
    static Optional<Reply> of(Session session, CacheLayout layout, ControlRequest request, Consumer<Reply> lines)
            throws IOException, InterruptedException {
        Optional<ControlClient> asked = ControlClient.ask(layout, request);
        if (asked.isEmpty()) {
            return Optional.empty();
        }
        Reply reply;
        try (ControlClient client = asked.get()) {
            reply = client.next(DaemonAdder.SILENCE);
            while (!reply.isLast() && !(reply instanceof Reply.Status)) {
                lines.accept(reply);
                reply = client.next(DaemonAdder.SILENCE);
            }
        } catch (IOException e) {
            session.warning(e.getMessage() + "; going on without it");
            return Optional.empty();
        }
        if (reply instanceof Reply.Refusal refusal) {
            if (refusal.kind().equals("forbidden")) {
                return Optional.empty(); // as with rez, the permissions of the cache say what this user may do in it
            }
            throw new IOException("the daemon refuses: " + refusal.message());
        }
        return reply instanceof Reply.Stopping ? Optional.empty() : Optional.of(reply);
    }
}
