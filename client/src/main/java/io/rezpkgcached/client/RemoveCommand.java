package io.rezpkgcached.client;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.VariantLookup;
import io.rezpkgcached.cache.lock.CacheLock;
import io.rezpkgcached.cache.python.PythonText;
import io.rezpkgcached.cache.removal.VariantRemover;
import io.rezpkgcached.settings.SettingsException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Takes variants out of the cache, and says of each what came of it, in rez's words. */
final class RemoveCommand {
    private final Session session;
    private final CacheLayout layout;

    RemoveCommand(Session session, CacheLayout layout) {
        this.session = session;
        this.layout = layout;
    }

    int run(List<String> uris) throws SettingsException, IOException, InterruptedException {
        VariantRemover remover = new VariantRemover(layout, new CacheLock(layout, session::warning), session.time());
        for (String uri : uris) {
            session.info("Removing variant " + PythonText.repr(uri) + " from package cache at " + layout + ":");
            Optional<Handle> handle = find(uri);
            if (handle.isEmpty()) {
                session.err().println("No such variant: " + uri);
                return ExitCode.FAILURE;
            }
            switch (remover.remove(handle.get())) {
                case REMOVED -> session.info("Variant successfully removed");
                case NOT_FOUND -> session.error("No such variant found in cache");
                case COPYING -> session.warning("Another process is currently caching this variant");
            }
        }
        return ExitCode.OK;
    }

    /** One that is in the cache can be removed although its package is gone; rez cannot find it then. */
    private Optional<Handle> find(String uri) throws SettingsException, IOException, InterruptedException {
        Optional<Handle> named = VariantUri.find(uri, session.settings().packages().packagesPath());
        boolean cached = named.isPresent() && new VariantLookup(layout, session.time()).find(named.get()).isPresent();
        return cached ? named : new KnownVariants(session).find(uri);
    }
}
