package io.rezpkgcached.client.syntax;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** A command explained to a person, in lines that fit a terminal. Each ends with a line feed. */
public final class HelpText {
    private static final int MARGIN = 2;

    /** Longer labels have a line of their own, as argparse has it. */
    private static final int WIDEST_LABEL = 24;

    /** Of the text below a label that has a line of its own. */
    private static final int DEEP = 6;

    private final int width;
    private final StringBuilder text = new StringBuilder();

    private HelpText(int width) {
        this.width = width;
    }

    /** Only how its words are put together. */
    public static String usage(Command command, int width) {
        HelpText help = new HelpText(width);
        help.usageLines(command.line(), Synopsis.pieces(command), "usage: ");
        return help.text.toString();
    }

    /** A command that is selected by its word. */
    public static String of(Command command, int width) {
        return of(command, List.of(), width);
    }

    /** A program: the command without a word, and its other commands. */
    public static String of(Command program, List<Command> commands, int width) {
        HelpText help = new HelpText(width);
        help.usageLines(program.line(), Synopsis.pieces(program), "usage: ");
        if (!commands.isEmpty()) {
            help.usageLines(program.line(), List.of("COMMAND ..."), " ".repeat("usage: ".length()));
        }
        paragraphs(program).forEach(help::paragraph);
        help.list("arguments", Stream.of(program.operands()).filter(operands -> operands.most() > 0).toList(),
                Operands::metavar, Operands::help);
        help.list("options", program.options().stream().filter(option -> !option.isHidden()).toList(),
                HelpText::label, HelpText::help);
        help.list("commands", commands, Command::name, Command::summary);
        if (!commands.isEmpty()) {
            help.paragraph("'" + program.line() + " COMMAND --help' explains a command.");
        }
        help.examples(program.examples());
        help.list("exit status", program.exits(), exit -> String.valueOf(exit.status()), Command.Exit::meaning);
        return help.text.toString();
    }

    /** Those of a description. */
    public static List<String> paragraphs(Command command) {
        return Arrays.stream(command.description().strip().split("\n\\s*\n")).toList();
    }

    /** What an option is for; says its choices unless its text or its value's name does. */
    public static String help(Option option) {
        boolean said = option.metavar().isEmpty() || option.choices().stream().allMatch(option.help()::contains);
        return said ? option.help() : option.help() + ": " + String.join(", ", option.choices());
    }

    private static String label(Option option) {
        return String.join(", ", option.names()) + Synopsis.value(option);
    }

    private void usageLines(String line, List<String> pieces, String before) {
        String start = before + line;
        int hanging = Wrap.width(start) + 1;
        boolean wide = hanging <= width / 2;
        List<String> all = new ArrayList<>(wide ? List.of(start) : List.of((before + line).split("(?<=\\S) ")));
        all.addAll(pieces);
        lines(Wrap.lines(all, width, wide ? hanging : 2 * MARGIN), 0);
    }

    private void paragraph(String words) {
        text.append('\n');
        lines(Wrap.lines(Wrap.words(words), width, 0), 0);
    }

    private <T> void list(String title, List<T> entries, Function<T, String> label, Function<T, String> help) {
        if (entries.isEmpty()) {
            return;
        }
        text.append('\n').append(title).append(":\n");
        int widest = entries.stream().mapToInt(entry -> Wrap.width(label.apply(entry)))
                .filter(length -> length <= WIDEST_LABEL).max().orElse(0);
        int aligned = MARGIN + widest + MARGIN;
        int column = widest > 0 && aligned <= width / 2 ? aligned : DEEP;
        for (T entry : entries) {
            entry(label.apply(entry), help.apply(entry), column);
        }
    }

    private void entry(String label, String help, int column) {
        List<String> lines = Wrap.lines(Wrap.words(help), width - column, 0);
        int gap = column - MARGIN - Wrap.width(label);
        if (gap >= MARGIN) {
            text.append(" ".repeat(MARGIN)).append(label).append(" ".repeat(gap)).append(lines.getFirst())
                    .append('\n');
            lines(lines.subList(1, lines.size()), column);
        } else {
            lines(Wrap.lines(List.of(label), width - MARGIN, 2 * MARGIN), MARGIN);
            lines(lines, column);
        }
    }

    /** A command line is not wrapped, so that it can be copied. */
    private void examples(List<Command.Example> examples) {
        if (examples.isEmpty()) {
            return;
        }
        text.append("\nexamples:\n");
        for (Command.Example example : examples) {
            lines(List.of(example.line()), MARGIN);
            lines(Wrap.lines(Wrap.words(example.does()), width - DEEP, 0), DEEP);
        }
    }

    private void lines(List<String> lines, int indent) {
        for (String line : lines) {
            text.append(" ".repeat(indent)).append(line).append('\n');
        }
    }
}
