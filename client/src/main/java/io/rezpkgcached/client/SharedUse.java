package io.rezpkgcached.client;

import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.shared.SharedMark;
import io.rezpkgcached.control.ControlRequest;
import io.rezpkgcached.control.Reply;
import io.rezpkgcached.settings.Settings;
import io.rezpkgcached.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.Optional;

/**
 * What a command may do in a cache that all users of the machine share: nobody but the daemon's user writes to it, root neither, since what
 * root makes there the daemon cannot remove.
 */
final class SharedUse {
    private final Session session;
    private final CacheLayout layout;

    SharedUse(Session session, CacheLayout layout) {
        this.session = session;
        this.layout = layout;
    }

    /** Whether the cache is shared: its daemon says so in it, or the settings do of the configured one. */
    boolean isShared() throws SettingsException, IOException {
        if (SharedMark.read(layout).isPresent()) {
            return true;
        }
        Settings settings = session.settings();
        return settings.sharing().shared()
                && settings.cache().path().filter(path -> path.equals(layout.root())).isPresent();
    }

    /** To be called where no daemon does it: refuses unless our user owns the cache, or it is not shared. */
    void requireOwn() throws SettingsException, IOException {
        if (isShared() && !isOwn()) {
            throw new IOException(
                    "no daemon serves the shared cache " + layout + ", and nobody else changes it: start the"
                            + " daemon (systemctl start rez-pkg-cached)");
        }
    }

    /** Refuses what the daemon would do for anybody, such as a copy that a user waits for, but is to do for few. */
    void requireAdmin() throws SettingsException, IOException, InterruptedException {
        if (!isShared() || isOwn()) {
            return;
        }
        Optional<Reply> status = DaemonAnswer.of(session, layout, new ControlRequest.Status(), _ -> {});
        if (status.isPresent() && status.get() instanceof Reply.Status found
                && Boolean.FALSE.equals(found.fields().get("may_change"))) {
            String who = SharedMark.read(layout).flatMap(SharedMark::adminGroup).map(name -> "members of group " + name)
                    .orElse("root and the daemon's own user alone");
            throw new IOException("only the daemon adds to this shared cache, at once for " + who
                    + ": request it with rez-pkg-cache enqueue");
        }
        if (status.isEmpty()) {
            requireOwn();
        }
    }

    /** Whether the cache is our own user's. */
    boolean isOwn() throws IOException {
        UserPrincipal owner = Files.getOwner(layout.root());
        // Of the process itself: what a user is called says nothing of who he is now.
        return Files.getOwner(Path.of("/proc/self")).equals(owner);
    }
}
