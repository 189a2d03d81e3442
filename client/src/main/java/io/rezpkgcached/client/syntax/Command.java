package io.rezpkgcached.client.syntax;

import java.util.ArrayList;
import java.util.List;

/**
 * The declaration of a command: all that its parser, its help, its manual page and its completion know.
 *
 * @param program  the program that it belongs to
 * @param name     the word that selects it; empty for the one without a word
 * @param summary  one line, without a full stop
 * @param description paragraphs for the help and the manual, separated by empty lines
 * @param options  those declared, after {@link Option#HELP}, which every command has
 * @param exits    what its exit status says
 */
public record Command(String program, String name, String summary, String description, List<Option> options,
        Operands operands, List<Example> examples, List<Exit> exits) {

    /** A command line and what it does. */
    public record Example(String line, String does) {}

    /** An exit status and what it says. */
    public record Exit(int status, String meaning) {}

    public Command {
        List<Option> all = new ArrayList<>(); // plain loops start faster than streams
        all.add(Option.HELP);
        all.addAll(options);
        options = List.copyOf(all);
        examples = List.copyOf(examples);
        exits = List.copyOf(exits);
    }

    /** Program and word, as they are typed. */
    public String line() {
        return name.isEmpty() ? program : program + " " + name;
    }
}
