package io.rezpkgcached.client;

import io.rezpkgcached.client.syntax.Option;
import io.rezpkgcached.client.syntax.Parsed;
import io.rezpkgcached.client.syntax.UsageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a cache fares, in the form that Nagios and its kin take from a plugin: one line, and an exit status from 0 to 3.
 *
 * @param age     how old the oldest request may be, in seconds
 * @param stalled how many variants may be stalled
 * @param failed  how many requests may have been given up
 * @param free    how many per cent of the disk must be free
 */
record Monitoring(Limit age, Limit stalled, Limit failed, Limit free) {
    static final Option CHECK = Option.flag("print one line for a monitoring system, and exit as its plugins do",
            "--check");
    static final Option ON_DEMAND = Option
            .flag("with --check: a daemon is needed only while there are requests, as with"
                    + " the .path unit", "--on-demand");
    private static final Threshold AGE = Threshold.of("--age", "age of the oldest request in seconds", "600,3600");
    private static final Threshold STALLED = Threshold.of("--stalled", "number of stalled variants", "1,10");
    private static final Threshold FAILED = Threshold.of("--failed", "number of requests that were given up", "1,10");
    private static final Threshold FREE = Threshold.of("--free",
            "per cent of the disk that are free, below which it is too few", "5,1");

    static final List<Option> OPTIONS = List.of(CHECK, ON_DEMAND, AGE.option(), STALLED.option(), FAILED.option(),
            FREE.option());

    /** An option for a limit, and what it is where nothing is said. */
    private record Threshold(Option option, String unset) {
        static Threshold of(String name, String what, String unset) {
            return new Threshold(Option.one("WARN,CRIT", "with --check: " + what + "; default: " + unset, name), unset);
        }
    }

    /**
     * From where on a number is worth a warning, and from where on it is critical.
     *
     * @param text as it stands in the output: the two with a semicolon between them
     */
    record Limit(double warning, double critical, String text) {}

    /** How bad it is, the worst last. */
    enum Level {
        OK(0), WARNING(1), CRITICAL(2), UNKNOWN(ExitCode.UNKNOWN);

        private final int exitCode;

        Level(int exitCode) {
            this.exitCode = exitCode;
        }

        /** The status that plugins of Nagios have for it. */
        int exitCode() {
            return exitCode;
        }
    }

    /**
     * What was found out about a cache.
     *
     * @param daemon   who serves it
     * @param degraded why the daemon cannot work; empty if it can
     * @param waiting  requests, in the spool or taken out of it to wait
     * @param oldest   age of the oldest of them
     * @param failed   empty if we may not know
     */
    record Found(String cache, Optional<String> daemon, String degraded, int waiting, Duration oldest, long stalled,
            OptionalLong failed, double freePercent) {}

    /** The line, and how bad it is. */
    record Verdict(Level level, String line) {
        static Verdict of(Level level, String text) {
            return new Verdict(level, "REZ-PKG-CACHE " + level + " - " + text.replace('\n', ' ').replace('|', '/'));
        }
    }

    static Monitoring of(Parsed words) throws UsageException {
        return new Monitoring(limit(words, AGE, false), limit(words, STALLED, false), limit(words, FAILED, false),
                limit(words, FREE, true));
    }

    private static Limit limit(Parsed words, Threshold threshold, boolean falls) throws UsageException {
        String text = words.value(threshold.option()).orElse(threshold.unset());
        String[] parts = text.split(",", -1);
        try {
            double warning = Double.parseDouble(parts[0]);
            double critical = Double.parseDouble(parts[parts.length - 1]);
            if (parts.length == 2 && warning >= 0 && critical >= 0
                    && (falls ? critical <= warning : warning <= critical)) {
                return new Limit(warning, critical, parts[0].strip() + ";" + parts[1].strip());
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw new UsageException(
                "argument " + threshold.option().name() + ": not two numbers such as " + threshold.unset()
                        + ", the second as bad as the first or worse: '" + text + "'");
    }

    /** @param onDemand whether a daemon is needed only while there are requests */
    Verdict judge(Found found, boolean onDemand) {
        Level level = Level.OK;
        List<String> words = new ArrayList<>();
        if (found.daemon().isEmpty() && !(onDemand && found.waiting() == 0)) {
            level = Level.CRITICAL;
            words.add("no daemon serves " + found.cache());
        }
        if (!found.degraded().isEmpty()) {
            level = Level.CRITICAL;
            words.add("degraded: " + found.degraded());
        }
        long seconds = found.oldest().toSeconds();
        level = worse(level, rises(age, seconds), "the oldest request has waited for " + seconds + " s", words);
        level = worse(level, rises(stalled, found.stalled()), found.stalled() + " stalled", words);
        if (found.failed().isPresent()) {
            level = worse(level, rises(failed, found.failed().getAsLong()), found.failed().getAsLong() + " given up",
                    words);
        }
        String percent = String.format(Locale.ROOT, "%.1f", found.freePercent());
        Level room = found.freePercent() < free.critical()
                ? Level.CRITICAL
                : found.freePercent() < free.warning() ? Level.WARNING : Level.OK;
        level = worse(level, room, percent + " % of the disk are free", words);
        if (words.isEmpty()) {
            words.add(found.daemon().orElse("no daemon is needed now for " + found.cache()));
        }
        Verdict verdict = Verdict.of(level, String.join(", ", words) + "; " + found.waiting() + " waiting");
        return new Verdict(level, verdict.line() + " | age=" + seconds + "s;" + age.text() + " waiting="
                + found.waiting() + " stalled=" + found.stalled() + ";" + stalled.text()
                + (found.failed().isPresent() ? " failed=" + found.failed().getAsLong() + ";" + failed.text() : "")
                + " free=" + percent + "%;" + free.text().replace(";", ":;") + ":");
    }

    private static Level rises(Limit limit, long number) {
        return number >= limit.critical() ? Level.CRITICAL : number >= limit.warning() ? Level.WARNING : Level.OK;
    }

    private static Level worse(Level level, Level found, String text, List<String> words) {
        if (found != Level.OK) {
            words.add(text);
        }
        return found.compareTo(level) > 0 ? found : level;
    }
}
