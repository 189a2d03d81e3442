package io.rezpkgcached.client;

import io.rezpkgcached.client.syntax.Command;
import io.rezpkgcached.client.syntax.Parsed;
import io.rezpkgcached.client.syntax.UsageException;
import io.rezpkgcached.settings.SettingsException;
import java.io.IOException;

/** A command: its declaration, and what it does. */
interface Action {
    Command declaration();

    /**
     * Does it.
     *
     * @return its exit status
     * @throws UsageException if words that parse make no sense together
     * @throws IOException    if it cannot be done; the message is for a person
     */
    int run(Parsed words, Session session)
            throws UsageException, SettingsException, IOException, InterruptedException;
}
