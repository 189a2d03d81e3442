package io.rezpkgcached.daemon;

import io.rezpkgcached.cache.add.AddOutcome;
import io.rezpkgcached.cache.clean.CleanEvent;
import io.rezpkgcached.cache.copy.CopyMonitor;
import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.Entry;
import io.rezpkgcached.control.ControlServer;
import io.rezpkgcached.control.Reply;
import java.util.List;
import java.util.Optional;

/** Tells those who watch what happens. Never waits for one of them. */
final class Audience {
    private static final double MILLIS = 1000;

    private volatile Optional<ControlServer> server = Optional.empty();

    void listenTo(ControlServer made) {
        server = Optional.of(made);
    }

    boolean isWatching() {
        return server.filter(ControlServer::isWatched).isPresent();
    }

    private void tell(Reply reply) {
        server.ifPresent(made -> made.tell(reply));
    }

    void started(Handle handle, String uri) {
        tell(new Reply.Started(handle, uri));
    }

    void progress(List<Job> running) {
        for (Job job : running) {
            CopyMonitor monitor = job.monitor();
            tell(new Reply.Progress(job.handle(), monitor.bytesDone(), monitor.totalBytes(), monitor.filesDone(),
                    monitor.totalFiles()));
        }
    }

    void cleaned(CleanEvent event) {
        tell(new Reply.Cleaned(event.isWarning(), event.message()));
    }

    /** @param request after the outcome has had its effect on it */
    void finished(Request request, AddOutcome outcome) {
        Handle handle = request.handle();
        tell(switch (outcome) {
            case AddOutcome.Cached cached -> at(handle, "cached", cached.entry(),
                    new Reply.More(cached.warnings(), cached.took().toMillis() / MILLIS, false, ""));
            case AddOutcome.AlreadyCached cached -> at(handle, "already cached", cached.entry(), Reply.More.NOTHING);
            case AddOutcome.Copying copying -> at(handle, "copying", copying.entry(), Reply.More.NOTHING);
            case AddOutcome.Stalled stalled -> at(handle, "stalled", stalled.entry(), Reply.More.NOTHING);
            case AddOutcome.Declined declined -> because(handle, "declined", declined.reason());
            case AddOutcome.Refused refused -> because(handle, "refused", refused.reason());
            case AddOutcome.NotNow later -> deferred(request, later.reason(), false);
            case AddOutcome.Failed failed -> deferred(request, failed.reason(), true);
            case AddOutcome.GivenUp failed -> because(handle, "failed", failed.reason());
            case AddOutcome.Cancelled _ -> because(handle, "cancelled", "the daemon stops");
        });
    }

    private static Reply at(Handle handle, String outcome, Entry entry, Reply.More more) {
        return new Reply.Finished(handle, outcome, entry.payload().toString(), "", more);
    }

    private static Reply because(Handle handle, String outcome, String reason) {
        return new Reply.Finished(handle, outcome, "", reason, Reply.More.NOTHING);
    }

    private static Reply deferred(Request request, String reason, boolean failed) {
        return new Reply.Finished(request.handle(), "deferred", "", reason,
                new Reply.More(List.of(), 0, failed, request.due().toString()));
    }
}
