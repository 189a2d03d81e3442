package io.rezpkgcached.client;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.json.Json;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.CacheWalk;
import io.rezpkgcached.client.syntax.Command;
import io.rezpkgcached.client.syntax.Operands;
import io.rezpkgcached.client.syntax.Parsed;
import io.rezpkgcached.client.syntax.UsageException;
import io.rezpkgcached.control.ControlRequest;
import io.rezpkgcached.control.Reply;
import io.rezpkgcached.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Prints what the daemon does, or which packages of a context are cached. */
final class StatusCommand implements Action {
    static final Command DECLARATION = new Command(Commands.PROGRAM, "status",
            "print what the daemon does, or what of a context is cached",
            "Without a context, print whether a daemon serves the cache, and what it is doing. With one, print its"
                    + " resolved packages as rez-context does: where each is run from, and (cached) beside those that"
                    + " are.",
            List.of(Sources.CACHE, Sources.CONTEXT, Sources.ENVIRONMENT, Sources.JSON), Operands.NONE,
            List.of(new Command.Example("rez-pkg-cache status --env", "see what of the current environment is cached")),
            List.of(new Command.Exit(ExitCode.OK, "printed"),
                    new Command.Exit(ExitCode.FAILURE, "no daemon serves the cache, or the context cannot be read"),
                    new Command.Exit(ExitCode.USAGE, "bad command line")));

    @Override
    public Command declaration() {
        return DECLARATION;
    }

    @Override
    public int run(Parsed words, Session session)
            throws UsageException, SettingsException, IOException, InterruptedException {
        CacheLayout layout = session.cache(words.value(Sources.CACHE));
        boolean json = words.has(Sources.JSON);
        return words.has(Sources.CONTEXT) || words.has(Sources.ENVIRONMENT)
                ? context(Sources.read(words, session), layout, json, session)
                : daemon(layout, json, session);
    }

    private static int daemon(CacheLayout layout, boolean json, Session session)
            throws IOException, InterruptedException {
        Optional<Reply> answer = DaemonAnswer.of(session, layout, new ControlRequest.Status(), _ -> {});
        Map<String, Object> fields = new LinkedHashMap<>();
        if (answer.isPresent() && answer.get() instanceof Reply.Status status) {
            for (String name : List.of("cache", "pid", "version", "since", "running", "waiting", "deferred",
                    "free_bytes", "problems", "copies")) {
                if (status.fields().containsKey(name)) {
                    fields.put(name, status.fields().get(name));
                }
            }
        } else {
            fields.put("cache", layout.root().toString());
            fields.put("pid", null);
            fields.put("waiting", (long) CacheWalk.children(layout.pending()).size()
                    + CacheWalk.children(layout.waiting()).size());
        }
        if (json) {
            session.out().println(Json.write(fields));
        } else {
            List<List<String>> rows = new ArrayList<>();
            fields.forEach((name, value) -> {
                if (!name.equals("copies") && value != null) {
                    rows.add(List.of(name.replace('_', ' ') + ":",
                            value instanceof List<?> list
                                    ? list.isEmpty() ? "none" : list.toString()
                                    : value.toString()));
                }
            });
            Columns.lines(rows).forEach(session.out()::println);
            if (answer.isEmpty()) {
                session.err().println("no daemon serves " + layout);
            }
        }
        return answer.isPresent() ? ExitCode.OK : ExitCode.FAILURE;
    }

    private static int context(Sources sources, CacheLayout layout, boolean json, Session session)
            throws SettingsException, IOException {
        Located.Finder finder = new Located.Finder(session, layout, false);
        Optional<Path> local = session.settings().packages().localPackagesPath().folder();
        List<Map<String, Object>> packages = new ArrayList<>();
        List<List<String>> rows = new ArrayList<>();
        for (Context.Elsewhere other : sources.elsewhere()) {
            packages.add(json(other.name(), Optional.empty(), false));
            rows.add(List.of(other.name(), "-", "(" + other.type() + ")"));
        }
        for (Context context : sources.contexts()) {
            List<Handle> sorted = new ArrayList<>(context.variants());
            sorted.sort((one, other) -> one.name().compareTo(other.name()));
            for (Handle handle : sorted) {
                Located located = finder.find(handle, context.caching());
                List<String> flags = flags(located, local);
                packages.add(json(handle.qualifiedName(), located.root(), located.cached().isPresent()));
                rows.add(List.of(handle.qualifiedName(), located.root().map(Path::toString).orElse("-"),
                        flags.isEmpty() ? "" : "(" + String.join(", ", flags) + ")"));
            }
        }
        sources.contexts().stream().flatMap(context -> context.ephemerals().stream()).sorted().distinct()
                .forEach(request -> rows.add(List.of(request, "", "(ephemeral)")));
        if (json) {
            session.out().println(Json.write(packages));
        } else {
            session.out().println("resolved packages:");
            Columns.lines(rows).forEach(line -> session.out().println(line.stripTrailing()));
        }
        return ExitCode.OK;
    }

    private static Map<String, Object> json(String name, Optional<Path> root, boolean cached) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("package", name);
        object.put("root", root.map(Path::toString).orElse(null));
        object.put("cached", cached);
        return object;
    }

    private static List<String> flags(Located located, Optional<Path> local) throws IOException {
        List<String> flags = new ArrayList<>();
        if (located.cached().isPresent()) {
            flags.add("cached");
        }
        if (located.root().filter(Files::isDirectory).isEmpty()) {
            flags.add("NOT FOUND");
        }
        Path location = Path.of(located.handle().location());
        if (local.isPresent() && Files.exists(local.get()) && Files.exists(location)
                && Files.isSameFile(local.get(), location)) {
            flags.add("local");
        }
        return flags;
    }
}
