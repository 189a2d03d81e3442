package io.rezpkgcached.client;

import io.rezpkgcached.settings.SettingsException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code rez-memcache --warm}, which only rez can do: it stores pickles of what its Python makes of definitions. */
final class RezWarming {
    private static final String PROGRAM = "import sys; sys.argv[0] = 'rez-memcache'; from rez.cli._main import run; run('memcache')";

    private RezWarming() {}

    static int run(Session session, boolean isVerbose) throws SettingsException, IOException, InterruptedException {
        List<String> evaluator = session.settings().evaluator().command();
        if (evaluator.isEmpty()) {
            throw new IOException("--warm stores what rez's Python makes of definitions, so rez itself must do it:"
                    + " set evaluator to its rez-python, or use rez's own rez-memcache");
        }
        List<String> command = new ArrayList<>(evaluator);
        command.addAll(List.of("-c", PROGRAM, "--warm"));
        if (isVerbose) {
            command.add("-v");
        }
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (IOException e) {
            throw new IOException("cannot run rez to warm the cache: " + e.getMessage(), e);
        }
    }
}
