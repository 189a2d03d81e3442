package io.rezpkgcached.daemon;

import io.rezpkgcached.cache.posix.Accounts;
import io.rezpkgcached.cache.posix.Posix;
import io.rezpkgcached.control.ControlRequest;
import io.rezpkgcached.control.ControlServer;
import io.rezpkgcached.control.Peer;
import io.rezpkgcached.control.Reply;
import io.rezpkgcached.settings.SharingSettings;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Who may have this daemon do what: its own user and root everything; others may look, and in a shared cache see to their own requests. The
 * members of its {@code admin_group} may do there all that the daemon's user may.
 */
final class Rights implements ControlServer.Rights {
    private final SharingSettings sharing;
    private final int own = Posix.geteuid();

    Rights(SharingSettings sharing) {
        this.sharing = sharing;
    }

    /**
     * Checks that there are such people.
     *
     * @throws IOException if the group that is to have rights does not exist
     */
    static void check(SharingSettings sharing) throws IOException {
        if (sharing.shared() && sharing.adminGroup().isPresent()
                && Accounts.groupId(sharing.adminGroup().get()).isEmpty()) {
            throw new IOException("admin_group is " + sharing.adminGroup().get()
                    + ", and there is no such group: make it (groupadd), or name another");
        }
    }

    @Override
    public Optional<Reply.Refusal> forbid(ControlRequest request, Peer peer) {
        if (request instanceof ControlRequest.Prefetch) {
            return Optional.empty(); // as a request in the spool: whose are served, Control sees to
        }
        if (!request.isChange() || mayChange(peer)) {
            return Optional.empty();
        }
        boolean own = request instanceof ControlRequest.Retry || request instanceof ControlRequest.Discard;
        if (!sharing.shared()) {
            return Optional.of(new Reply.Refusal("forbidden", "user " + peer.user().getName() + " may only look"));
        }
        return own
                ? Optional.empty() // his own requests, as Control sees to
                : Optional.of(new Reply.Refusal("admins", "user " + peer.user().getName()
                        + " may not change this shared cache: that is for " + admins(sharing.adminGroup())));
    }

    /** For messages. */
    static String admins(Optional<String> group) {
        return group.map(name -> "members of group " + name).orElse("root and the daemon's own user alone");
    }

    /** Whether somebody may have all of it done. */
    boolean mayChange(Peer peer) {
        OptionalInt user = Accounts.userId(peer.user().getName());
        if (user.isPresent() && (user.getAsInt() == 0 || user.getAsInt() == own)) {
            return true;
        }
        if (!sharing.shared() || sharing.adminGroup().isEmpty()) {
            return false;
        }
        OptionalInt admins = Accounts.groupId(sharing.adminGroup().get());
        return admins.isPresent() && (Accounts.groupId(peer.group().getName()).equals(admins)
                || Accounts.groupsOf(peer.user().getName()).contains(admins.getAsInt()));
    }
}
