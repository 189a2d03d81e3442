package io.rezpkgcached.client;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.VariantLookup;
import io.rezpkgcached.cache.lock.CacheLock;
import io.rezpkgcached.cache.python.PythonText;
import io.rezpkgcached.cache.removal.VariantRemover;
import io.rezpkgcached.control.ControlRequest;
import io.rezpkgcached.control.Reply;
import io.rezpkgcached.settings.SettingsException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Takes variants out of the cache, and says of each what came of it, in rez's words. */
final class RemoveCommand {
    private final Session session;
    private final CacheName cache;
    private final CacheLayout layout;

    RemoveCommand(Session session, CacheName cache) {
        this.session = session;
        this.cache = cache;
        this.layout = cache.layout();
    }

    int run(List<String> uris) throws SettingsException, IOException, InterruptedException {
        VariantRemover remover = new VariantRemover(layout, new CacheLock(layout, session::warning), session.time());
        for (String uri : uris) {
            session.info("Removing variant " + PythonText.repr(uri) + " from package cache at " + cache + ":");
            Optional<Handle> handle = find(uri);
            if (handle.isEmpty()) {
                session.err().println("No such variant: " + uri);
                return ExitCode.FAILURE;
            }
            tell(remove(handle.get(), remover));
        }
        return ExitCode.OK;
    }

    private VariantRemover.Outcome remove(Handle handle, VariantRemover remover)
            throws SettingsException, IOException, InterruptedException {
        Optional<Reply> answer = DaemonAnswer.of(session, layout, new ControlRequest.Remove(handle), _ -> {});
        if (answer.isPresent() && answer.get() instanceof Reply.Done done) {
            return switch (done.outcome()) {
                case "removed" -> VariantRemover.Outcome.REMOVED;
                case "copying" -> VariantRemover.Outcome.COPYING;
                default -> VariantRemover.Outcome.NOT_FOUND;
            };
        }
        new SharedUse(session, layout).requireOwn();
        return remover.remove(handle);
    }

    private void tell(VariantRemover.Outcome outcome) {
        switch (outcome) {
            case REMOVED -> session.info("Variant successfully removed");
            case NOT_FOUND -> session.error("No such variant found in cache");
            case COPYING -> session.warning("Another process is currently caching this variant");
        }
    }

    /** One that is in the cache can be removed although its package is gone; rez cannot find it then. */
    private Optional<Handle> find(String uri) throws SettingsException, IOException, InterruptedException {
        Optional<Handle> named = VariantUri.findAlsoGone(uri, session.settings().packages().packagesPath());
        boolean cached = named.isPresent() && new VariantLookup(layout, session.time()).find(named.get()).isPresent();
        return cached ? named : new KnownVariants(session).find(uri);
    }
}
