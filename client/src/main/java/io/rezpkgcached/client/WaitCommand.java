package io.rezpkgcached.client;

import io.rezpkgcached.cache.handle.Handle;
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
import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Waits until variants are cached. */
final class WaitCommand implements Action {
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    /** From one file to the next of whoever requests or caches it takes milliseconds. */
    private static final Duration GRACE = Duration.ofSeconds(2);

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
        List<Handle> variants = Sources.read(words, session).variants();
        CacheLayout layout = session.cache(words.value(Sources.CACHE));
        Outlook outlook = new Outlook(layout, session.time());
        long begun = System.nanoTime();
        boolean warned = false;
        Map<Handle, Long> unasked = new LinkedHashMap<>();
        try (Progress progress = new Progress(session.err(), Terminal.width(session.surroundings().variables()))) {
            while (true) {
                Map<Handle, Outlook.Expected> expected = look(variants, outlook, unasked);
                long waiting = count(expected, Outlook.Expected.Requested.class)
                        + count(expected, Outlook.Expected.Copying.class)
                        + count(expected, Outlook.Expected.Unasked.class);
                if (waiting == 0) {
                    progress.clear();
                    return tell(expected, layout, words, session, ExitCode.OK);
                }
                Duration took = Duration.ofNanos(System.nanoTime() - begun);
                if (timeout.isPresent() && took.compareTo(timeout.get()) >= 0) {
                    progress.clear();
                    return tell(expected, layout, words, session, ExitCode.TIMEOUT);
                }
                if (!warned && took.compareTo(GRACE) > 0 && !Files.exists(layout.daemonFile())
                        && count(expected, Outlook.Expected.Requested.class) > 0
                        && count(expected, Outlook.Expected.Copying.class) == 0) {
                    warned = true;
                    session.warning("no daemon serves " + layout + ": rez-pkg-cache --daemon starts one");
                }
                if (session.isErrTerminal()) {
                    progress.show(count(expected, Outlook.Expected.Cached.class) + " of " + variants.size() + " cached",
                            count(expected, Outlook.Expected.Copying.class) + " copying", Progress.time(took));
                }
                Thread.sleep(LOOK_EVERY);
            }
        }
    }

    private static long count(Map<Handle, Outlook.Expected> expected, Class<? extends Outlook.Expected> kind) {
        return expected.values().stream().filter(kind::isInstance).count();
    }

    private static Map<Handle, Outlook.Expected> look(List<Handle> variants, Outlook outlook,
            Map<Handle, Long> unasked) throws IOException {
        Set<Handle> requested = outlook.requested();
        Map<Handle, Outlook.Expected> expected = new LinkedHashMap<>();
        for (Handle handle : variants) {
            Outlook.Expected found = outlook.of(handle, requested);
            if (found instanceof Outlook.Expected.Unasked) {
                long since = unasked.computeIfAbsent(handle, _ -> System.nanoTime());
                if (System.nanoTime() - since > GRACE.toNanos()) {
                    found = new Outlook.Expected.Never(
                            "neither cached nor requested: declined by rez's rules (the log says why), or never asked"
                                    + " for");
                }
            } else {
                unasked.remove(handle);
            }
            expected.put(handle, found);
        }
        return expected;
    }

    private static int tell(Map<Handle, Outlook.Expected> expected, CacheLayout layout, Parsed words, Session session,
            int status) {
        VariantNames names = new VariantNames(layout);
        Map<String, Object> json = new LinkedHashMap<>();
        boolean all = true;
        for (Map.Entry<Handle, Outlook.Expected> each : expected.entrySet()) {
            String uri = names.uri(each.getKey());
            String word = switch (each.getValue()) {
                case Outlook.Expected.Cached _ -> "cached";
                case Outlook.Expected.Copying _ -> "copying";
                case Outlook.Expected.Requested _,Outlook.Expected.Unasked _ -> "pending";
                case Outlook.Expected.Never never -> never.reason();
            };
            json.put(uri, word);
            if (!word.equals("cached")) {
                all = false;
                session.err().println("not cached: " + uri + ": " + word);
            }
        }
        if (words.has(Sources.JSON)) {
            session.out().println(Json.write(json));
        }
        return all || status != ExitCode.OK ? status : ExitCode.FAILURE;
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
