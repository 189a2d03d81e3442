package io.rezpkgcached.client;

import io.rezpkgcached.cache.clean.Cleaner;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.lock.CacheLock;
import io.rezpkgcached.cache.log.LogFolder;
import io.rezpkgcached.control.ControlRequest;
import io.rezpkgcached.control.Reply;
import io.rezpkgcached.settings.SettingsException;
import java.io.IOException;
import java.util.Optional;

/** Has a cache cleaned in full, by the daemon or else here, and says what was done in the log and on stderr, as rez does. */
final class CleanCommand {
    private final Session session;
    private final CacheLayout layout;

    CleanCommand(Session session, CacheLayout layout) {
        this.session = session;
        this.layout = layout;
    }

    int run() throws SettingsException, IOException, InterruptedException {
        boolean done = DaemonAnswer.of(session, layout, new ControlRequest.Clean(), reply -> {
            if (reply instanceof Reply.Cleaned cleaned) {
                session.logged(cleaned.isWarning(), cleaned.message()); // in the file it is the daemon's line
            }
        }).isPresent();
        return done ? ExitCode.OK : cleanHere();
    }

    private int cleanHere() throws SettingsException, IOException, InterruptedException {
        new SharedUse(session, layout).requireOwn();
        LogFolder log = new LogFolder(layout.log());
        log.expire(session.settings().cache().maxLogAge(), session.time().instant());
        new Cleaner(layout, new CacheLock(layout, session::warning), session.time(),
                event -> session.log(log, event.isWarning(), event.message()))
                .clean(session.policies().unusedFor(), Optional.empty());
        return ExitCode.OK;
    }
}
