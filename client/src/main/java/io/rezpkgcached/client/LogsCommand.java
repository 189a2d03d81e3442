package io.rezpkgcached.client;

import io.rezpkgcached.cache.log.LogFolder;
import io.rezpkgcached.client.syntax.Command;
import io.rezpkgcached.client.syntax.Operands;
import io.rezpkgcached.client.syntax.Option;
import io.rezpkgcached.client.syntax.Parsed;
import io.rezpkgcached.client.syntax.UsageException;
import io.rezpkgcached.settings.SettingsException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Prints the log, and follows it. */
final class LogsCommand implements Action {
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);
    private static final int LONGEST = 18;
    private static final Option FOLLOW = Option.flag("go on with what is logged later, until Ctrl-C", "-f", "--follow");
    private static final Option LINES = Option.one("LINES", "print the last lines only", "-n", "--lines");

    static final Command DECLARATION = new Command(Commands.PROGRAM, "logs", "print the log, and follow it",
            "Print the log of a package cache, what rez wrote and what the daemon did, day by day.",
            List.of(Sources.CACHE, FOLLOW, LINES), Operands.NONE,
            List.of(new Command.Example("rez-pkg-cache logs -n 20 -f", "watch what is being cached")),
            List.of(new Command.Exit(ExitCode.OK, "printed"),
                    new Command.Exit(ExitCode.FAILURE, "the log cannot be read"),
                    new Command.Exit(ExitCode.USAGE, "bad command line"),
                    new Command.Exit(ExitCode.INTERRUPTED, "interrupted")));

    @Override
    public Command declaration() {
        return DECLARATION;
    }

    @Override
    public int run(Parsed words, Session session)
            throws UsageException, SettingsException, IOException, InterruptedException {
        Optional<Long> last = words.has(LINES)
                ? Optional.of(number(words.value(LINES).orElseThrow()))
                : Optional.empty();
        LogTail tail = new LogTail(new LogFolder(session.cache(words.value(Sources.CACHE)).log()));
        if (last.isPresent()) {
            tail.skipToLast(last.get());
        }
        boolean any = tail.printNew(session.out());
        if (!any && last.isEmpty() && !words.has(FOLLOW)) {
            session.err().println("No logs.");
        }
        while (words.has(FOLLOW)) {
            session.out().flush();
            if (session.out().checkError() || session.isReaderGone()) {
                return ExitCode.IO;
            }
            Thread.sleep(LOOK_EVERY);
            tail.printNew(session.out());
        }
        return ExitCode.OK;
    }

    private static long number(String text) throws UsageException {
        if (text.isEmpty() || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new UsageException("argument -n/--lines: not a number: '" + text + "'");
        }
        return text.length() > LONGEST ? Long.MAX_VALUE : Long.parseLong(text); // all that there are
    }
}
