package io.rezpkgcached.client.syntax;

import io.rezpkgcached.cache.python.PythonText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Parses words as Python's argparse does, since people's scripts were written for that: options and operands in any order,
 * {@code --name value} and {@code --name=value}, unambiguous beginnings of long names, short ones joined ({@code -fv}), {@code --}
 * before words that begin with a dash. Messages are argparse's.
 */
public final class Parser {
    private final Command command;
    private final List<Word> words;
    private final Map<Option, List<String>> values = new HashMap<>();
    private final Map<Option, Integer> counts = new HashMap<>();
    private final List<String> operands = new ArrayList<>();
    private final List<String> unknown = new ArrayList<>();
    private int next;

    private Parser(Command command, List<Word> words) {
        this.command = command;
        this.words = words;
    }

    /**
     * Parses the words after the command's name. Those after a request for help count for nothing.
     *
     * @throws UnknownWordsException if there are some that nobody asked for
     * @throws UsageException        if they are wrong in another way
     */
    public static Parsed parse(Command command, List<String> words) throws UsageException {
        return new Parser(command, Word.of(words, command)).parse();
    }

    private Parsed parse() throws UsageException {
        boolean afterOperand = false;
        while (next < words.size() && !asksForHelp()) {
            Word word = words.get(next++);
            boolean room = operands.size() < command.operands().most();
            boolean taken = switch (word.kind()) {
                case OPTION -> {
                    option(word);
                    yield false;
                }
                case OPERAND -> {
                    (room ? operands : unknown).add(word.text());
                    yield room;
                }
                case DASHES -> {
                    if (!room && !afterOperand) {
                        unknown.add(word.text()); // nothing is left that could follow it
                    }
                    yield false;
                }
            };
            afterOperand = taken;
        }
        if (asksForHelp()) {
            return new Parsed(values, counts, operands);
        }
        if (operands.size() < command.operands().least()) {
            throw new UsageException("the following arguments are required: " + command.operands().metavar());
        }
        if (!unknown.isEmpty()) {
            throw new UnknownWordsException(unknown);
        }
        return new Parsed(values, counts, operands);
    }

    private boolean asksForHelp() {
        return counts.containsKey(Option.HELP);
    }

    /** An option, or several short ones in one word, of which the last may have a value. */
    private void option(Word word) throws UsageException {
        if (word.option().isEmpty()) {
            unknown.add(word.text());
            return;
        }
        List<Option> flags = new ArrayList<>();
        Option option = word.option().get();
        String rest = word.joined().orElse("");
        while (option.arity() == Option.Arity.NONE && !rest.isEmpty()) {
            int end = rest.offsetByCodePoints(0, 1);
            Optional<Option> following = word.name().startsWith("--")
                    ? Optional.empty()
                    : Word.named("-" + rest.substring(0, end), command);
            if (following.isEmpty()) {
                throw ignored(option, rest);
            }
            flags.add(option);
            option = following.get();
            rest = rest.substring(end);
        }
        boolean isJoined = flags.isEmpty() ? word.joined().isPresent() : !rest.isEmpty();
        if (isJoined && option.arity() == Option.Arity.NONE) {
            throw ignored(option, rest);
        }
        List<String> given = isJoined ? List.of(rest) : following(option);
        for (Option flag : flags) {
            accept(flag, List.of());
        }
        accept(option, given);
    }

    private static UsageException ignored(Option option, String value) {
        return new UsageException(
                "argument " + label(option) + ": ignored explicit argument " + PythonText.repr(value));
    }

    /** The words after an option that are its values. */
    private List<String> following(Option option) throws UsageException {
        List<String> given = new ArrayList<>();
        while (next < words.size() && given.size() < most(option)
                && words.get(next).kind() == Word.Kind.OPERAND) {
            given.add(words.get(next++).text());
        }
        if (given.isEmpty() && option.arity() != Option.Arity.NONE) {
            throw new UsageException("argument " + label(option) + ": expected "
                    + (option.arity() == Option.Arity.SOME ? "at least one argument" : "one argument"));
        }
        return given;
    }

    private static int most(Option option) {
        return switch (option.arity()) {
            case NONE -> 0;
            case ONE, EACH -> 1;
            case SOME -> Integer.MAX_VALUE;
        };
    }

    private void accept(Option option, List<String> given) throws UsageException {
        for (String value : given) {
            if (!option.choices().isEmpty() && !option.choices().contains(value)) {
                throw new InvalidChoiceException(label(option), value, option.choices());
            }
        }
        for (Option other : counts.keySet()) {
            if (option.excludes(other)) {
                throw new UsageException("argument " + label(option) + ": not allowed with argument " + label(other));
            }
        }
        counts.merge(option, 1, Integer::sum);
        if (option.arity() == Option.Arity.EACH) {
            List<String> all = new ArrayList<>(values.getOrDefault(option, List.of()));
            all.addAll(given);
            values.put(option, all);
        } else {
            values.put(option, given);
        }
    }

    private static String label(Option option) {
        return String.join("/", option.names());
    }
}
