package io.rezpkgcached.client.reference;

import io.rezpkgcached.client.syntax.Command;
import io.rezpkgcached.client.syntax.HelpText;
import io.rezpkgcached.client.syntax.Option;
import io.rezpkgcached.client.syntax.Synopsis;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The manual page of a command, in roff with the macros of man(7); one for each command, as git has it. */
final class ManualPage {
    /** What names a value: FILE, URI, VARIANT_URI. */
    private static final Pattern VALUE = Pattern.compile("\\b[A-Z][A-Z_]+\\b");

    private static final String DAEMON = "rez-pkg-cached";

    private final StringBuilder page = new StringBuilder();

    private ManualPage() {}

    /** The name of its page, without the section. */
    static String name(Command command) {
        return command.line().replace(' ', '-');
    }

    static String of(Command command, List<Command> all, String version, LocalDate date) {
        ManualPage manual = new ManualPage();
        manual.line(".\\\" Written by the build from the declaration of the command.");
        manual.line(
                ".TH " + escaped(name(command).toUpperCase(Locale.ROOT)) + " 1 " + date + " \"" + DAEMON + " " + version
                        + "\" \"rez package cache\"");
        manual.line(".ad l");
        manual.line(".SH NAME");
        manual.text(name(command) + " - " + command.summary());
        manual.synopsis(command);
        manual.line(".nh"); // not before: .YS turns it on again
        manual.line(".SH DESCRIPTION");
        manual.paragraphs(command);
        manual.operands(command);
        manual.options(command);
        if (command.name().isEmpty()) {
            manual.commands(all);
        }
        manual.examples(command);
        manual.exits(command);
        manual.seeAlso(command, all);
        return manual.page.toString();
    }

    private void synopsis(Command command) {
        line(".SH SYNOPSIS");
        usage(command.line(), Synopsis.pieces(command));
        if (command.name().isEmpty()) {
            usage(command.line(), List.of("COMMAND ..."));
        }
    }

    /** A piece stays on one line, unless it is longer than any: choices, for example. */
    private void usage(String line, List<String> pieces) {
        line(".SY " + quoted(escaped(line)));
        for (String piece : pieces) {
            String text = marked(piece);
            text((piece.length() > 50 ? text : text.replace(" ", "\\~")) + "\\&", true); // dots there end no sentence
        }
        line(".YS");
    }

    private void paragraphs(Command command) {
        boolean first = true;
        for (String paragraph : HelpText.paragraphs(command)) {
            if (!first) {
                line(".PP");
            }
            text(paragraph);
            first = false;
        }
    }

    private void operands(Command command) {
        if (command.operands().most() > 0) {
            line(".SH ARGUMENTS");
            line(".TP");
            text(marked(command.operands().metavar()), true);
            text(sentence(command.operands().help()));
        }
    }

    private void options(Command command) {
        line(".SH OPTIONS");
        for (Option option : command.options()) {
            if (!option.isHidden()) {
                line(".TP");
                text(String.join(", ", option.names().stream().map(name -> "\\fB" + escaped(name) + "\\fR").toList())
                        + marked(Synopsis.value(option)), true);
                text(sentence(HelpText.help(option)));
            }
        }
    }

    private void commands(List<Command> all) {
        line(".SH COMMANDS");
        for (Command command : all) {
            if (!command.name().isEmpty()) {
                line(".TP");
                line(".BR \\%" + escaped(name(command)) + " (1)");
                text(sentence(command.summary()));
            }
        }
    }

    private void examples(Command command) {
        if (command.examples().isEmpty()) {
            return;
        }
        line(".SH EXAMPLES");
        for (Command.Example example : command.examples()) {
            line(".TP");
            text("\\fB" + escaped(example.line()) + "\\fR", true);
            text(sentence(example.does()));
        }
    }

    private void exits(Command command) {
        line(".SH EXIT STATUS");
        for (Command.Exit exit : command.exits()) {
            line(".TP");
            text("\\fB" + exit.status() + "\\fR", true);
            text(sentence(exit.meaning()));
        }
    }

    private void seeAlso(Command command, List<Command> all) {
        line(".SH SEE ALSO");
        for (Command other : all) {
            if (!other.equals(command)) {
                line(".BR \\%" + escaped(name(other)) + " (1),");
            }
        }
        line(".BR \\%" + escaped(DAEMON) + " (8)");
    }

    /** What the help has without capital and full stop; a word that is no plain one, as a name with a dash, stays as it is. */
    private static String sentence(String words) {
        boolean plain = words.matches("(?s)[a-z]+[ ,;:].*|[a-z]+");
        return (plain ? Character.toUpperCase(words.charAt(0)) + words.substring(1) : words) + ".";
    }

    private void line(String line) {
        page.append(line).append('\n');
    }

    private void text(String text) {
        text(escaped(String.join(" ", text.strip().split("\\s+"))), false);
    }

    /** A line that begins with a dot or a quote would be taken for a request. */
    private void text(String roff, boolean marked) {
        boolean request = !marked && (roff.startsWith(".") || roff.startsWith("\\(aq"));
        line((request ? "\\&" : "") + roff);
    }

    /** Options bold, names of values italic. */
    private static String marked(String piece) {
        StringBuilder roff = new StringBuilder();
        for (String word : piece.split("(?<=[\\[\\]| ])|(?=[\\[\\]| ])", -1)) {
            if (word.startsWith("-") && word.length() > 1) {
                roff.append("\\fB").append(escaped(word)).append("\\fR");
            } else if (VALUE.matcher(word).matches()) {
                roff.append("\\fI").append(escaped(word)).append("\\fR");
            } else {
                roff.append(escaped(word));
            }
        }
        return roff.toString();
    }

    /** Every character as it is typed: roff would make other dashes and quotes of some. */
    static String escaped(String text) {
        StringBuilder roff = new StringBuilder();
        text.codePoints().forEach(point -> {
            switch (point) {
                case '\\' -> roff.append("\\(rs");
                case '-' -> roff.append("\\-");
                case '\'' -> roff.append("\\(aq");
                case '`' -> roff.append("\\(ga");
                case '^' -> roff.append("\\(ha");
                case '~' -> roff.append("\\(ti");
                case '"' -> roff.append("\\(dq");
                default -> {
                    if (point < 128) {
                        roff.appendCodePoint(point);
                    } else {
                        roff.append(String.format(Locale.ROOT, "\\[u%04X]", point));
                    }
                }
            }
        });
        return roff.toString();
    }

    private static String quoted(String argument) {
        return "\"" + argument + "\"";
    }
}
