package io.rezpkgcached.client;

import io.rezpkgcached.settings.SettingsException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code rez-memcache --warm}, which only rez can do: it stores pickles of what its Python makes of definitions. */
final class RezWarming {
    private static final String PROGRAM = "import sys; sys.argv[0] = 'rez-memcache'; from rez.cli._main import run; run('memcache')";

    /** Set by the launcher: the {@code rez-python} of the rez over whose command ours is linked. */
    private static final String BESIDE = "REZ_PKG_CACHED_REZ_PYTHON";

    private RezWarming() {}

    static int run(Session session, boolean isVerbose) throws SettingsException, IOException, InterruptedException {
        List<String> command = new ArrayList<>(session.settings().evaluator().command());
        if (command.isEmpty()) {
            command.add(Optional.ofNullable(session.surroundings().variables().get(BESIDE)).orElseThrow(
                    () -> new IOException("--warm stores what rez's Python makes of definitions, so rez itself must do"
                            + " it: set evaluator to its rez-python, or use rez's own rez-memcache")));
        }
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
