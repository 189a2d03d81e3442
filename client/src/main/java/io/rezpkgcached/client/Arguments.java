package io.rezpkgcached.client;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a command line asks for. */
sealed interface Arguments {
    String USAGE = """
            usage: rez-pkg-cache [-h] [CACHE_DIR]
                   rez-pkg-cache enqueue [--cache CACHE_DIR] URI|FILE|- [URI|FILE|- ...]""";

    String HELP = USAGE + """


            List the variants in a package cache, or request variants to be cached.

            commands:
              CACHE_DIR  list this cache; default: rez's setting cache_packages_path
              enqueue    request the variants of contexts, and single variants; never waits for
                         the daemon, which decides what is cached

            arguments of enqueue:
              URI                a variant, such as /svr/packages/foo/1.0/package.py[0]
              FILE               a context file (.rxt)
              -                  a context on standard input
              --cache CACHE_DIR  default: rez's setting cache_packages_path

            exit status: 0 done, 1 not done, 2 bad command line
            """;

    /** Print the help. */
    record Help() implements Arguments {}

    /** List a cache. */
    record ListVariants(Optional<Path> cache) implements Arguments {}

    /** Request variants. */
    record Enqueue(Optional<Path> cache, List<String> sources) implements Arguments {
        public Enqueue {
            sources = List.copyOf(sources);
        }
    }

    static Arguments parse(String... words) throws UsageException {
        for (String word : words) {
            if (word.equals("-h") || word.equals("--help")) {
                return new Help();
            }
        }
        if (words.length > 0 && words[0].equals("enqueue")) {
            return enqueue(List.of(words).subList(1, words.length));
        }
        if (words.length > 0 && words[0].startsWith("-")) {
            throw new UsageException("unrecognized arguments: " + words[0]);
        }
        if (words.length > 1) {
            throw new UsageException("unrecognized arguments: " + words[1]);
        }
        return new ListVariants(words.length == 0 ? Optional.empty() : Optional.of(Path.of(words[0])));
    }

    private static Arguments enqueue(List<String> words) throws UsageException {
        Optional<Path> cache = Optional.empty();
        List<String> sources = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("--cache")) {
                if (++i == words.size()) {
                    throw new UsageException("--cache needs a directory");
                }
                cache = Optional.of(Path.of(words.get(i)));
            } else if (word.startsWith("-") && word.length() > 1) {
                throw new UsageException("unrecognized arguments: " + word);
            } else {
                sources.add(word);
            }
        }
        if (sources.isEmpty()) {
            throw new UsageException("enqueue needs a variant or a context");
        }
        return new Enqueue(cache, sources);
    }
}
