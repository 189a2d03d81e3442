package io.rezpkgcached.daemon;

import java.nio.file.Path;
import java.util.Optional;

/** What the daemon's command line asks for. */
sealed interface Arguments {
    String USAGE = """
            usage: rez-pkg-cached [-h] [--version] [--config FILE] [--until-idle] [CACHE_DIR]
                   rez-pkg-cached --print-settings [--config FILE]
                   rez-pkg-cached --print-drop-in [--config FILE] [CACHE_DIR]""";

    String HELP = USAGE + """


            Copy the variants that rez requests into its package cache, until stopped.

            arguments:
              CACHE_DIR         the package cache; default: rez's setting cache_packages_path
              --config FILE     read settings from FILE, after rez's own configuration
              --until-idle      end after the time of the setting idle_timeout without work
              --print-settings  print each setting, its value and where that comes from
              --print-drop-in   print the drop-in by which the systemd unit may write the cache
              --version         print the version
              -h, --help        print this help

            exit status: 0 stopped, 64 bad command line, 66 no cache there, 70 bug,
            73 cache not writable, 75 another daemon serves it, 78 bad settings
            """;

    /** Print the help. */
    record Help() implements Arguments {}

    /** Print the version. */
    record PrintVersion() implements Arguments {}

    /** Print the settings that would be in effect. */
    record PrintSettings(Optional<Path> config) implements Arguments {}

    /** Print what the unit of a service manager needs to let the daemon write the cache. */
    record PrintDropIn(Optional<Path> config, Optional<Path> cache) implements Arguments {}

    /**
     * Serve a cache.
     *
     * @param config our configuration file
     * @param cache  the cache; the setting {@code cache_packages_path} if there is none
     * @param untilIdle whether to end without work
     */
    record Serve(Optional<Path> config, Optional<Path> cache, boolean untilIdle) implements Arguments {}

    /** The words are none that we know; the message says which. */
    final class UsageException extends Exception {
        private static final long serialVersionUID = 1L;

        private UsageException(String message) {
            super(message);
        }
    }

    static Arguments parse(String... words) throws UsageException {
        Optional<Path> config = Optional.empty();
        Optional<Path> cache = Optional.empty();
        boolean printSettings = false;
        boolean printDropIn = false;
        boolean untilIdle = false;
        for (int i = 0; i < words.length; i++) {
            String word = words[i];
            switch (word) {
                case "-h", "--help" -> {
                    return new Help();
                }
                case "--version" -> {
                    return new PrintVersion();
                }
                case "--print-settings" -> printSettings = true;
                case "--print-drop-in" -> printDropIn = true;
                case "--until-idle" -> untilIdle = true;
                case "--config" -> {
                    if (++i == words.length) {
                        throw new UsageException("--config needs a file");
                    }
                    config = Optional.of(Path.of(words[i]));
                }
                default -> {
                    if (word.startsWith("-")) {
                        throw new UsageException("unknown option " + word);
                    }
                    if (cache.isPresent()) {
                        throw new UsageException("more than one cache: " + cache.get() + ", " + word);
                    }
                    cache = Optional.of(Path.of(word));
                }
            }
        }
        if (printDropIn) {
            return new PrintDropIn(config, cache);
        }
        return printSettings ? new PrintSettings(config) : new Serve(config, cache, untilIdle);
    }
}
