package io.rezpkgcached.client;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.CachedVariant;
import io.rezpkgcached.cache.layout.Entry;
import io.rezpkgcached.cache.layout.Status;
import io.rezpkgcached.cache.layout.VariantLookup;
import io.rezpkgcached.cache.posix.Posix;
import io.rezpkgcached.settings.SettingsException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;

/**
 * Where a variant is run from.
 *
 * @param cached   its payload in the cache; empty if it is not cached
 * @param original its payload in its repository; empty if its definition cannot be read
 */
record Located(Handle handle, Optional<Path> cached, Optional<Path> original) {

    /** Where to run it from; empty if it is nowhere. */
    Optional<Path> root() {
        return cached.or(() -> original);
    }

    /** Finds variants in one cache, and records their use, as rez does when it makes an environment. */
    static final class Finder {
        private final Session session;
        private final VariantLookup lookup;
        private final OriginalPaths originals;
        private final boolean reads;
        private final boolean uses;

        /** @param uses whether that counts as use */
        Finder(Session session, CacheLayout layout, boolean uses) throws SettingsException {
            this.session = session;
            this.lookup = new VariantLookup(layout, session.time());
            this.originals = new OriginalPaths(session.policies(), layout);
            this.reads = session.settings().cache().read();
            this.uses = uses;
        }

        /** @param mayBeCached whether the cache is to be looked at, which a context may forbid */
        Located find(Handle handle, boolean mayBeCached) throws IOException {
            Optional<Path> cached = mayBeCached && reads
                    ? lookup.find(handle).filter(found -> found.status() == Status.CACHED).map(CachedVariant::entry)
                            .filter(this::use).map(Entry::payload)
                    : Optional.empty();
            return new Located(handle, cached, originals.of(handle));
        }

        /** Of another user's file whoever may write to it may set the time to now, and to no other. */
        private void touch(Path index) throws IOException {
            try {
                Files.setLastModifiedTime(index, FileTime.from(session.time().instant()));
            } catch (NoSuchFileException e) {
                throw e;
            } catch (FileSystemException _) {
                Posix.touch(index);
            }
        }

        /** False if it has been removed since. */
        private boolean use(Entry entry) {
            if (!uses) {
                return true;
            }
            try {
                touch(entry.index());
                return true;
            } catch (NoSuchFileException _) {
                return false;
            } catch (IOException e) {
                session.warning("The use of " + entry.payload() + " cannot be recorded: " + Main.reason(e));
                return true;
            }
        }
    }
}
