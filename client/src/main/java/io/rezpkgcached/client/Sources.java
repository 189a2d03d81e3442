package io.rezpkgcached.client;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.client.syntax.Option;
import io.rezpkgcached.client.syntax.Parsed;
import io.rezpkgcached.client.syntax.UsageException;
import io.rezpkgcached.settings.SettingsException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The variants that a command line names: by their URIs, by context files, or as those of the current environment. */
final class Sources {
    static final Option CACHE = Option.one("DIR", "package cache directory; default: the setting cache_packages_path",
            "--cache");
    static final Option CONTEXT = Option.one("FILE", "a context file (.rxt), or - for one on standard input",
            "--context");
    static final Option ENVIRONMENT = Option.flag("the context of the current shell, which rez names in REZ_RXT_FILE",
            "--env");
    static final Option JSON = Option.flag("print the result as JSON", "--json");
    static final String METAVAR = "URI|FILE|-";
    static final String HELP = "a variant, such as /svr/packages/foo/1.0/package.py[0]; a context file (.rxt); - is a"
            + " context on standard input";

    private final List<Context> contexts = new ArrayList<>();
    private final List<Handle> single = new ArrayList<>();

    private Sources() {}

    /** For a command that takes contexts alone, by its options. */
    static Sources readContexts(Parsed words, Session session)
            throws UsageException, SettingsException, IOException, InterruptedException {
        return read(words, session, CONTEXT.name() + " or " + ENVIRONMENT.name());
    }

    /** Reads all that is named; one that cannot be read is an error, whatever the others are. */
    static Sources read(Parsed words, Session session)
            throws UsageException, SettingsException, IOException, InterruptedException {
        return read(words, session, METAVAR);
    }

    private static Sources read(Parsed words, Session session, String required)
            throws UsageException, SettingsException, IOException, InterruptedException {
        Sources sources = new Sources();
        if (words.has(ENVIRONMENT)) {
            sources.contexts.add(Context.read(current(session), session));
        }
        for (String file : words.values(CONTEXT)) {
            sources.contexts.add(Context.read(file, session));
        }
        for (String word : words.operands()) {
            if (word.endsWith("]")) {
                sources.single.add(new KnownVariants(session).require(word)); // rez's daemon ends at one that is not
            } else {
                sources.contexts.add(Context.read(word, session));
            }
        }
        if (sources.contexts.isEmpty() && sources.single.isEmpty()) {
            throw new UsageException("the following arguments are required: " + required);
        }
        return sources;
    }

    private static String current(Session session) throws IOException {
        return Optional.ofNullable(session.surroundings().variables().get("REZ_RXT_FILE"))
                .filter(file -> !file.isEmpty())
                .orElseThrow(() -> new IOException(
                        "this shell is in no rez environment: REZ_RXT_FILE is not set"));
    }

    List<Context> contexts() {
        return contexts;
    }

    /** Those that were named by their URIs. */
    List<Handle> single() {
        return single;
    }

    /** All that have payloads, each once. */
    List<Handle> variants() {
        Set<Handle> all = new LinkedHashSet<>(single);
        for (Context context : contexts) {
            all.addAll(context.variants());
        }
        all.removeIf(Handle::isCombined);
        return List.copyOf(all);
    }

    /** Those of the contexts that are in no folder, each once. */
    Set<Context.Elsewhere> elsewhere() {
        Set<Context.Elsewhere> all = new LinkedHashSet<>();
        for (Context context : contexts) {
            all.addAll(context.elsewhere());
        }
        return all;
    }
}
