package io.rezpkgcached.client.syntax;

import java.util.List;

/**
 * One option of a command.
 *
 * @param names     with their dashes, the short one first
 * @param arity     how many values follow
 * @param metavar   what a value is called in the help; empty where there is none
 * @param choices   the only values there are; empty: any
 * @param help      one sentence or more, without a full stop at the end; empty: shown nowhere, as rez's {@code --daemon}
 * @param exclusive options of one command with the same name here cannot be given together; empty: with any
 */
public record Option(List<String> names, Arity arity, String metavar, List<String> choices, String help,
        String exclusive) {

    /** How many values an option has. */
    public enum Arity {
        /** It is there or not; may be repeated. */
        NONE,
        /** Exactly one; of several the last counts. */
        ONE,
        /** Exactly one; may be repeated, and all count. */
        EACH,
        /** At least one; all words up to the next option. */
        SOME
    }

    /** What every command has, without declaring it. */
    public static final Option HELP = flag("print this help", "-h", "--help");

    public Option {
        names = List.copyOf(names);
        choices = List.copyOf(choices);
    }

    /** Written out, as hashCode: those of a record are made at run time, in 40 ms. */
    @Override
    public boolean equals(Object other) {
        return this == other || (other instanceof Option option && names.equals(option.names) && arity == option.arity
                && metavar.equals(option.metavar) && choices.equals(option.choices) && help.equals(option.help)
                && exclusive.equals(option.exclusive));
    }

    @Override
    public int hashCode() {
        return names.hashCode();
    }

    /** An option without a value. */
    public static Option flag(String help, String... names) {
        return new Option(List.of(names), Arity.NONE, "", List.of(), help, "");
    }

    /** An option with one value. */
    public static Option one(String metavar, String help, String... names) {
        return new Option(List.of(names), Arity.ONE, metavar, List.of(), help, "");
    }

    /** An option with one value, which may be given more than once. */
    public static Option each(String metavar, String help, String... names) {
        return new Option(List.of(names), Arity.EACH, metavar, List.of(), help, "");
    }

    /** An option with one value or more. */
    public static Option some(String metavar, String help, String... names) {
        return new Option(List.of(names), Arity.SOME, metavar, List.of(), help, "");
    }

    /** The same with nothing but these values. */
    public Option of(String... values) {
        return new Option(names, arity, metavar, List.of(values), help, exclusive);
    }

    /** The same, not to be given together with others of that group. */
    public Option in(String group) {
        return new Option(names, arity, metavar, choices, help, group);
    }

    /** Its longest name, by which messages and scripts call it. */
    public String name() {
        return names.getLast();
    }

    /** Whether the two cannot be given together. */
    public boolean excludes(Option other) {
        return !equals(other) && !exclusive.isEmpty() && exclusive.equals(other.exclusive);
    }

    public boolean isHidden() {
        return help.isEmpty();
    }
}
