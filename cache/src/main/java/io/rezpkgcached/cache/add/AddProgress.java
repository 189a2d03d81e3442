package io.rezpkgcached.cache.add;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.Entry;
import java.util.List;

/** Is told how far one wish to have a variant cached has come, on the thread that does it. */
@FunctionalInterface
public interface AddProgress {
    /** The variant is known, by its URI. */
    void started(String uri);

    /**
     * An entry was made for it, which everyone sees as being copied.
     *
     * @param requirements as its index has them
     */
    default void claimed(Entry entry, Handle handle, List<String> requirements) {}

    /** All of it is copied; in a moment everyone sees it as cached. */
    default void copied() {}
}
