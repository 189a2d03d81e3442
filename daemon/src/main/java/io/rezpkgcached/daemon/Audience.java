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

    void finished(Handle handle, AddOutcome outcome) {
        tell(switch (outcome) {
            case AddOutcome.Cached cached -> at(handle, "cached", cached.entry());
            case AddOutcome.AlreadyCached cached -> at(handle, "already cached", cached.entry());
            case AddOutcome.Copying copying -> at(handle, "copying", copying.entry());
            case AddOutcome.Stalled stalled -> at(handle, "stalled", stalled.entry());
            case AddOutcome.Declined declined -> because(handle, "declined", declined.reason());
            case AddOutcome.Refused refused -> because(handle, "refused", refused.reason());
            case AddOutcome.NotNow later -> because(handle, "deferred", later.reason());
            case AddOutcome.Failed failed -> because(handle, "deferred", failed.reason());
            case AddOutcome.GivenUp failed -> because(handle, "failed", failed.reason());
            case AddOutcome.Cancelled _ -> because(handle, "cancelled", "the daemon stops");
        });
    }

    private static Reply at(Handle handle, String outcome, Entry entry) {
        return new Reply.Finished(handle, outcome, entry.payload().toString(), "");
    }

    private static Reply because(Handle handle, String outcome, String reason) {
        return new Reply.Finished(handle, outcome, "", reason);
    }
}
