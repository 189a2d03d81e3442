package io.rezpkgcached.daemon;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The daemon's command line: {@code rez-pkg-cached [--config FILE] [CACHE_DIR]}.
 *
 * @param config our configuration file
 * @param cache  the cache; the setting {@code cache_packages_path} if there is none
 */
record Arguments(Optional<Path> config, Optional<Path> cache, boolean help, boolean version) {
    static final String USAGE = "usage: rez-pkg-cached [-h] [--version] [--config FILE] [CACHE_DIR]";

    static final String HELP = USAGE + """


            Copy the variants that rez requests into its package cache, until stopped.

            arguments:
              CACHE_DIR      the package cache; default: rez's setting cache_packages_path
              --config FILE  read settings from FILE, after rez's own configuration
              --version      print the version
              -h, --help     print this help

            exit status: 0 stopped, 64 bad command line, 66 no cache there, 70 bug,
            73 cache not writable, 75 another daemon serves it, 78 bad settings
            """;

    /** The words are none that we know; the message says which. */
    static final class UsageException extends Exception {
        private static final long serialVersionUID = 1L;

        private UsageException(String message) {
            super(message);
        }
    }

    static Arguments parse(String... words) throws UsageException {
        Optional<Path> config = Optional.empty();
        Optional<Path> cache = Optional.empty();
        for (int i = 0; i < words.length; i++) {
            String word = words[i];
            if (word.equals("-h") || word.equals("--help")) {
                return new Arguments(Optional.empty(), Optional.empty(), true, false);
            } else if (word.equals("--version")) {
                return new Arguments(Optional.empty(), Optional.empty(), false, true);
            } else if (word.equals("--config")) {
                if (++i == words.length) {
                    throw new UsageException("--config needs a file");
                }
                config = Optional.of(Path.of(words[i]));
            } else if (word.startsWith("--config=")) {
                config = Optional.of(Path.of(word.substring("--config=".length())));
            } else if (word.startsWith("-")) {
                throw new UsageException("unknown option " + word);
            } else if (cache.isPresent()) {
                throw new UsageException("more than one cache: " + cache.get() + ", " + word);
            } else {
                cache = Optional.of(Path.of(word));
            }
        }
        return new Arguments(config, cache, false, false);
    }
}
