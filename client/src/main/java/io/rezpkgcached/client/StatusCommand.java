package io.rezpkgcached.client;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.json.Json;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.CacheWalk;
import io.rezpkgcached.cache.layout.Status;
import io.rezpkgcached.cache.listing.Listing;
import io.rezpkgcached.client.syntax.Command;
import io.rezpkgcached.client.syntax.Operands;
import io.rezpkgcached.client.syntax.Option;
import io.rezpkgcached.client.syntax.Parsed;
import io.rezpkgcached.client.syntax.UsageException;
import io.rezpkgcached.control.Reply;
import io.rezpkgcached.settings.SettingsException;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Prints what the daemon does, or which packages of a context are cached. */
final class StatusCommand implements Action {
    static final Command DECLARATION = new Command(Commands.PROGRAM, "status",
            "print what the daemon does, or what of a context is cached",
            "Without a context, print whether a daemon serves the cache, and what it is doing. With one, print its"
                    + " resolved packages as rez-context does: where each is run from, and (cached) beside those that"
                    + " are. With --check, print how the cache fares as a plugin of Nagios does: one line, with"
                    + " performance data.",
            options(), Operands.NONE,
            List.of(new Command.Example("rez-pkg-cache status --env", "see what of the current environment is cached"),
                    new Command.Example("rez-pkg-cache status --check --age 300,900", "watch the cache of a machine")),
            List.of(new Command.Exit(ExitCode.OK, "printed; with --check: all is well"),
                    new Command.Exit(ExitCode.FAILURE,
                            "no daemon serves the cache, or it does not answer, or the context cannot be read; with --check: a warning"),
                    new Command.Exit(ExitCode.USAGE, "bad command line; with --check: critical"),
                    new Command.Exit(ExitCode.UNKNOWN, "with --check: it cannot be found out")));

    private static List<Option> options() {
        List<Option> options = new ArrayList<>(
                List.of(Sources.CACHE, Sources.CONTEXT, Sources.ENVIRONMENT, Sources.JSON));
        options.addAll(Monitoring.OPTIONS);
        return options;
    }

    @Override
    public Command declaration() {
        return DECLARATION;
    }

    @Override
    public int run(Parsed words, Session session)
            throws UsageException, SettingsException, IOException, InterruptedException {
        if (words.has(Monitoring.CHECK)) {
            Monitoring.Verdict verdict = check(words, session);
            session.out().println(verdict.line());
            return verdict.level().exitCode();
        }
        CacheLayout layout = session.cache(words.value(Sources.CACHE));
        boolean json = words.has(Sources.JSON);
        return words.has(Sources.CONTEXT) || words.has(Sources.ENVIRONMENT)
                ? context(Sources.readContexts(words, session), layout, json, session)
                : daemon(layout, json, session);
    }

    /** What goes wrong on the way is a verdict, too: a monitoring system shows that one line. */
    private static Monitoring.Verdict check(Parsed words, Session session) throws InterruptedException {
        try {
            Monitoring limits = Monitoring.of(words);
            CacheLayout layout = session.cache(words.value(Sources.CACHE));
            return limits.judge(found(layout, session), words.has(Monitoring.ON_DEMAND));
        } catch (NotDirectoryException e) {
            return Monitoring.Verdict.of(Monitoring.Level.CRITICAL, "the cache " + e.getMessage() + " is missing");
        } catch (UsageException | SettingsException e) {
            return Monitoring.Verdict.of(Monitoring.Level.UNKNOWN, e.getMessage());
        } catch (IOException e) {
            return Monitoring.Verdict.of(Monitoring.Level.UNKNOWN, Main.reason(e));
        }
    }

    private static Monitoring.Found found(CacheLayout layout, Session session)
            throws IOException, InterruptedException {
        Optional<String> daemon = Optional.empty();
        String degraded = "";
        OptionalLong failed = OptionalLong.empty();
        try {
            switch (DaemonCheck.ask(layout)) {
                case DaemonCheck.Found.Well well -> {
                    daemon = Optional.of("daemon " + well.status().fields().get("pid") + " serves " + layout);
                    degraded = well.status().fields().getOrDefault("degraded", "").toString();
                    failed = well.status().fields().get("failed") instanceof Long count
                            ? OptionalLong.of(count)
                            : OptionalLong.empty();
                }
                case DaemonCheck.Found.Mute mute -> {
                    daemon = Optional.of("a daemon serves " + layout);
                    degraded = mute.reason();
                }
                case DaemonCheck.Found.None _ -> {
                    // what that means depends on what waits
                }
            }
        } catch (IOException e) { // it is there, and has no answer: it has not begun, and says why
            daemon = Optional.of("a daemon serves " + layout);
            degraded = Main.reason(e);
        }
        Instant now = session.time().instant();
        Instant oldest = now;
        int waiting = 0;
        for (Path file : CacheWalk.requests(layout)) { // in a shared cache most wait apart from the spool
            try {
                Instant written = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant();
                oldest = written.isBefore(oldest) ? written : oldest;
                waiting++;
            } catch (NoSuchFileException _) {
                // it has just been served
            }
        }
        long stalled = new Listing(layout, session.time()).list().stream()
                .filter(variant -> variant.status() == Status.STALLED).count();
        FileStore disk = Files.getFileStore(layout.root());
        double free = disk.getTotalSpace() == 0 ? 100 : 100.0 * disk.getUsableSpace() / disk.getTotalSpace();
        return new Monitoring.Found(layout.toString(), daemon, degraded, waiting, Duration.between(oldest, now),
                stalled, failed, free);
    }

    private static int daemon(CacheLayout layout, boolean json, Session session)
            throws IOException, InterruptedException {
        DaemonCheck.Found found = DaemonCheck.ask(layout);
        Map<String, Object> fields = new LinkedHashMap<>();
        if (found instanceof DaemonCheck.Found.Well well) {
            Reply.Status status = well.status();
            for (String name : List.of("cache", "pid", "version", "since", "running", "waiting", "deferred",
                    "prefetch", "failed",
                    "free_bytes", "degraded", "problems", "copies")) {
                if (status.fields().containsKey(name)) {
                    fields.put(name, status.fields().get(name));
                }
            }
        } else {
            fields.put("cache", layout.root().toString());
            fields.put("pid", null);
            if (found instanceof DaemonCheck.Found.Mute mute) {
                fields.put("pid", mute.pid().orElse(null));
                fields.put("unreachable", mute.reason());
            }
            fields.put("waiting", (long) CacheWalk.requests(layout).size());
            fields.put("prefetch", (long) CacheWalk.children(layout.prefetch()).size());
        }
        if (json) {
            session.out().println(Json.write(fields));
        } else {
            List<List<String>> rows = new ArrayList<>();
            fields.forEach((name, value) -> {
                if (!name.equals("copies") && !name.equals("unreachable") && value != null && !value.equals("")) {
                    rows.add(List.of(name.replace('_', ' ') + ":",
                            value instanceof List<?> list
                                    ? list.isEmpty() ? "none" : list.toString()
                                    : value.toString()));
                }
            });
            Columns.lines(rows).forEach(session.out()::println);
            switch (found) {
                case DaemonCheck.Found.Well _ -> {
                    // the rows are its answer
                }
                case DaemonCheck.Found.Mute mute ->
                    session.err().println("a daemon serves " + layout + ", but " + mute.reason());
                case DaemonCheck.Found.None _ -> session.err().println("no daemon serves " + layout);
            }
        }
        return found instanceof DaemonCheck.Found.Well ? ExitCode.OK : ExitCode.FAILURE;
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
