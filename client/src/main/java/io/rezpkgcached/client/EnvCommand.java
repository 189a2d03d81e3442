package io.rezpkgcached.client;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.json.Json;
import io.rezpkgcached.cache.python.PythonText;
import io.rezpkgcached.client.syntax.Command;
import io.rezpkgcached.client.syntax.Operands;
import io.rezpkgcached.client.syntax.Option;
import io.rezpkgcached.client.syntax.Parsed;
import io.rezpkgcached.client.syntax.UsageException;
import io.rezpkgcached.settings.SettingsException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Prints the variables by which a context's environment finds its payloads, with the cache as it is now. */
final class EnvCommand implements Action {
    private static final Option SHELL = Option.one("", "whose syntax to print; default: sh", "--shell").of("sh", "csh");

    static final Command DECLARATION = new Command(Commands.PROGRAM, "env", "print where an environment's packages are",
            "Print for each package of a context REZ_<NAME>_ROOT, the cached payload or the original, and, where it is"
                    + " cached, REZ_<NAME>_ORIG_ROOT, the original, as rez sets them. This counts as use of what is"
                    + " cached.",
            List.of(Sources.CACHE, Sources.CONTEXT, Sources.ENVIRONMENT, SHELL, Sources.JSON),
            Operands.NONE,
            List.of(new Command.Example("eval \"$(rez-pkg-cache env --env)\"",
                    "have the current shell use what has been cached since it was started")),
            List.of(new Command.Exit(ExitCode.OK, "printed"),
                    new Command.Exit(ExitCode.FAILURE, "the context cannot be read"),
                    new Command.Exit(ExitCode.USAGE, "bad command line")));

    @Override
    public Command declaration() {
        return DECLARATION;
    }

    @Override
    public int run(Parsed words, Session session)
            throws UsageException, SettingsException, IOException, InterruptedException {
        Sources sources = Sources.readContexts(words, session);
        Located.Finder finder = new Located.Finder(session, session.cache(words.value(Sources.CACHE)), true);
        Map<String, Object> variables = new LinkedHashMap<>();
        for (Context.Elsewhere other : sources.elsewhere()) {
            session.warning("no variables for " + other.name() + ": it is in a repository of type " + other.type());
        }
        for (Context context : sources.contexts()) {
            for (Handle handle : context.variants()) {
                Located located = finder.find(handle, context.caching());
                String prefix = "REZ_" + handle.name().toUpperCase(Locale.ROOT).replace('.', '_');
                if (!isVariable(prefix)) {
                    // It is printed for a shell to read: such a name could hold a command.
                    throw new IOException(context.name() + ": no variable can be named after package "
                            + PythonText.repr(handle.name()));
                }
                if (located.root().isEmpty()) {
                    session.warning("package " + handle.qualifiedName() + " is nowhere on disk");
                }
                located.root().ifPresent(root -> variables.put(prefix + "_ROOT", root.toString()));
                if (located.cached().isPresent()) {
                    located.original()
                            .ifPresent(original -> variables.put(prefix + "_ORIG_ROOT", original.toString()));
                }
            }
        }
        if (words.has(Sources.JSON)) {
            session.out().println(Json.write(variables));
        } else {
            boolean csh = words.value(SHELL).filter("csh"::equals).isPresent();
            variables.forEach((name, value) -> session.out().println(csh
                    ? "setenv " + name + " " + forCsh(value.toString()) + ";"
                    : "export " + name + "=" + forSh(value.toString())));
        }
        return ExitCode.OK;
    }

    private static boolean isVariable(String name) {
        return name.chars().allMatch(c -> (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_');
    }

    static String forSh(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    /** In csh an exclamation mark is history, and a line ends a word, even between quotes. */
    static String forCsh(String text) {
        return "'" + text.replace("'", "'\\''").replace("!", "\\!").replace("\n", "\\\n") + "'";
    }
}
