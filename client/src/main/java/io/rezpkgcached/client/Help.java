package io.rezpkgcached.client;

import io.rezpkgcached.client.syntax.Command;
import io.rezpkgcached.client.syntax.HelpText;
import io.rezpkgcached.client.syntax.Suggestions;
import io.rezpkgcached.client.syntax.UsageException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/** What is said to somebody who asks for help, or needs some. */
final class Help {
    /** In narrower ones nothing could be told apart from anything. */
    private static final int NARROWEST = 20;

    /** Longer lines are hard to read. */
    private static final int WIDEST = 100;

    private Help() {}

    static void print(Command command, Session session) {
        int width = width(session);
        session.out().print(command.name().isEmpty()
                ? HelpText.of(command, withWord(Program.of(command)), width)
                : HelpText.of(command, width));
    }

    static void printUsage(Command command, Session session) {
        session.err().print(HelpText.usage(command, width(session)));
    }

    /** A line for each word of a refused command line that was probably mistyped. */
    static void suggest(UsageException problem, Command command, List<String> words, Session session) {
        if (!command.name().isEmpty() || !suggestFirst(Program.of(command), words, session)) {
            Suggestions.of(problem, command).forEach(meant -> say(command, meant, session));
        }
    }

    /** For words that rez's own command was to take: whether the first may be meant for another one. */
    static boolean suggestFirst(Program program, List<String> words, Session session) {
        String first = words.isEmpty() ? "" : words.getFirst();
        if (first.isEmpty() || first.startsWith("-") || first.contains("/")
                || Files.isDirectory(session.surroundings().workingDirectory().resolve(first))) {
            return false;
        }
        Command unnamed = program.all().getFirst();
        Optional<String> meant = Suggestions.ofFirst(first, unnamed, withWord(program));
        meant.ifPresent(name -> say(unnamed, name, session));
        return meant.isPresent();
    }

    private static void say(Command command, String meant, Session session) {
        session.err().println(command.line() + ": did you mean " + meant + "?");
    }

    private static List<Command> withWord(Program program) {
        return program.all().stream().filter(command -> !command.name().isEmpty()).toList();
    }

    private static int width(Session session) {
        return readable(session.width());
    }

    static int readable(int width) {
        return Math.clamp(width, NARROWEST, WIDEST);
    }
}
