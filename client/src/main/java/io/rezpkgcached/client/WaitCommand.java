package io.rezpkgcached.client;

import io.rezpkgcached.cache.json.Json;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.listing.VariantNames;
import io.rezpkgcached.client.syntax.Command;
import io.rezpkgcached.client.syntax.Operands;
import io.rezpkgcached.client.syntax.Option;
import io.rezpkgcached.client.syntax.Parsed;
import io.rezpkgcached.client.syntax.UsageException;
import io.rezpkgcached.settings.SettingsException;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Waits until variants are cached. */
final class WaitCommand implements Action {
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private static final Option TIMEOUT = Option.one("TIME", "how long to wait, such as 30, 30s, 5m or 1h; default: for"
            + " ever", "--timeout");

    static final Command DECLARATION = new Command(Commands.PROGRAM, "wait", "wait until variants are cached",
            "Wait until all variants of contexts, and single variants, are cached. One that will not be, since it was"
                    + " declined, refused or given up, or since nobody has requested it, is not waited for, but named.",
            List.of(Sources.CACHE, Sources.CONTEXT, Sources.ENVIRONMENT, TIMEOUT, Sources.JSON),
            Operands.any(Sources.METAVAR, Sources.HELP),
            List.of(new Command.Example("rez-pkg-cache enqueue job.rxt && rez-pkg-cache wait --timeout 10m job.rxt",
                    "warm a machine before a job starts")),
            List.of(new Command.Exit(ExitCode.OK, "all are cached"),
                    new Command.Exit(ExitCode.FAILURE, "some will not be; each is named on stderr"),
                    new Command.Exit(ExitCode.USAGE, "bad command line"),
                    new Command.Exit(ExitCode.TIMEOUT, "the time was up"),
                    new Command.Exit(ExitCode.INTERRUPTED, "interrupted")));

    @Override
    public Command declaration() {
        return DECLARATION;
    }

    @Override
    public int run(Parsed words, Session session)
            throws UsageException, SettingsException, IOException, InterruptedException {
        Optional<Duration> timeout = words.has(TIMEOUT)
                ? Optional.of(duration(words.value(TIMEOUT).orElseThrow()))
                : Optional.empty();
        Sources sources = Sources.read(words, session);
        CacheLayout layout = session.cache(words.value(Sources.CACHE));
        Awaited awaited = new Awaited(sources.variants(), new Outlook(layout, session.time()));
        boolean inTime;
        Thread waiting = Thread.currentThread();
        try (BeforeTheEnd _ = BeforeTheEnd.run(waiting::interrupt);
                Progress progress = new Progress(session.err(), session.errWidth())) {
            inTime = await(awaited, timeout, layout, progress, session);
        }
        boolean all = tell(awaited, sources, layout, words, session);
        return inTime ? all ? ExitCode.OK : ExitCode.FAILURE : ExitCode.TIMEOUT;
    }

    /** @return false if the time was up before */
    private static boolean await(Awaited awaited, Optional<Duration> timeout, CacheLayout layout, Progress progress,
            Session session) throws IOException, InterruptedException {
        try (DaemonCheck daemon = new DaemonCheck(layout)) {
            return await(awaited, timeout, daemon, progress, session);
        }
    }

    private static boolean await(Awaited awaited, Optional<Duration> timeout, DaemonCheck daemon, Progress progress,
            Session session) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        boolean warned = false;
        while (true) {
            Duration passed = Duration.ofNanos(System.nanoTime() - begun);
            awaited.look(passed);
            if (awaited.isOver()) {
                return true;
            }
            if (timeout.isPresent() && passed.compareTo(timeout.get()) >= 0) {
                return false;
            }
            if (!warned && passed.compareTo(Awaited.GRACE) > 0 && awaited.requested() > 0 && awaited.copying() == 0) {
                Optional<String> trouble = daemon.look(passed);
                if (trouble.isPresent()) {
                    warned = true;
                    progress.clear();
                    session.warning(trouble.get());
                }
            }
            if (session.isErrTerminal()) {
                progress.show(awaited.cached() + " of " + awaited.size() + " cached", awaited.copying() + " copying",
                        Progress.time(passed));
            }
            Thread.sleep(LOOK_EVERY);
        }
    }

    /** @return whether all are cached */
    private static boolean tell(Awaited awaited, Sources sources, CacheLayout layout, Parsed words, Session session) {
        VariantNames names = new VariantNames(layout);
        Map<String, Object> json = new LinkedHashMap<>();
        awaited.expected().forEach((handle, expected) -> json.put(names.uri(handle), word(expected)));
        sources.elsewhere().forEach(other -> json.put(other.name(), other.reason()));
        boolean all = true;
        for (Map.Entry<String, Object> each : json.entrySet()) {
            if (!each.getValue().equals("cached")) {
                all = false;
                session.err().println("not cached: " + each.getKey() + ": " + each.getValue());
            }
        }
        if (words.has(Sources.JSON)) {
            session.out().println(Json.write(json));
        }
        return all;
    }

    private static String word(Outlook.Expected expected) {
        return switch (expected) {
            case Outlook.Expected.Cached _ -> "cached";
            case Outlook.Expected.Copying _ -> "copying";
            case Outlook.Expected.Requested _,Outlook.Expected.Unasked _ -> "pending";
            case Outlook.Expected.Never never -> never.reason();
        };
    }

    static Duration duration(String text) throws UsageException {
        char unit = text.isEmpty() ? ' ' : text.charAt(text.length() - 1);
        String number = Character.isDigit(unit) ? text : text.substring(0, Math.max(0, text.length() - 1));
        try {
            double seconds = new BigDecimal(number).doubleValue() * switch (unit) {
                case 'm' -> 60;
                case 'h' -> 3600;
                case 's' -> 1;
                default -> {
                    if (Character.isDigit(unit)) {
                        yield 1;
                    }
                    throw new NumberFormatException();
                }
            };
            if (seconds >= 0 && seconds < Integer.MAX_VALUE) {
                return Duration.ofMillis((long) (seconds * 1000));
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw new UsageException("argument --timeout: not a time such as 30, 30s, 5m or 1h: '" + text + "'");
    }
}
