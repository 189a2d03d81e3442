package io.rezpkgcached.client;

import io.rezpkgcached.client.syntax.Command;
import io.rezpkgcached.client.syntax.Operands;
import io.rezpkgcached.client.syntax.Parsed;
import io.rezpkgcached.client.syntax.UsageException;
import io.rezpkgcached.settings.SettingsException;
import java.io.IOException;
import java.util.List;

/** What rez's own {@code rez-pkg-cache} does, with the same words. */
final class RezCommand implements Action {
    static final Command DECLARATION = new Command(Commands.PROGRAM, "", "list a package cache",
            "List the variants in a package cache.", List.of(),
            Operands.optional("DIR", "package cache directory; default: the setting cache_packages_path"), List.of(),
            List.of(new Command.Exit(ExitCode.OK, "done"), new Command.Exit(ExitCode.FAILURE, "not done"),
                    new Command.Exit(ExitCode.USAGE, "bad command line")));

    @Override
    public Command declaration() {
        return DECLARATION;
    }

    @Override
    public int run(Parsed words, Session session) throws UsageException, SettingsException, IOException {
        return new ListCommand(session.cache(words.operands().stream().findFirst()), session.time())
                .run(session.out(), session.err());
    }
}
