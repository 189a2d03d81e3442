package io.rezpkgcached.client.syntax;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Parses words as Python's argparse does, since people's scripts were written for that: options and operands in any order,
 * {@code --name value} and {@code --name=value}, unambiguous beginnings of long names, short ones joined ({@code -fv}), {@code --}
 * before words that begin with a dash. Messages are argparse's.
 */
public final class Parser {
    private final Command command;
    private final List<String> words;
    private final Map<Option, List<String>> values = new HashMap<>();
    private final Map<Option, Integer> counts = new HashMap<>();
    private final List<String> operands = new ArrayList<>();
    private final List<String> unknown = new ArrayList<>();
    private int next;

    private Parser(Command command, List<String> words) {
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
        return new Parser(command, words).parse();
    }

    private Parsed parse() throws UsageException {
        boolean onlyOperands = false;
        while (next < words.size() && !asksForHelp()) {
            String word = words.get(next++);
            if (onlyOperands || !looksLikeOption(word)) {
                operand(word);
            } else if (word.equals("--")) {
                onlyOperands = true;
            } else if (word.startsWith("--")) {
                longOption(word);
            } else {
                shortOptions(word);
            }
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

    private static boolean looksLikeOption(String word) {
        return word.length() > 1 && word.charAt(0) == '-';
    }

    private void operand(String word) {
        if (operands.size() < command.operands().most()) {
            operands.add(word);
        } else {
            unknown.add(word);
        }
    }

    private void longOption(String word) throws UsageException {
        int equals = word.indexOf('=');
        String name = equals < 0 ? word : word.substring(0, equals);
        List<Option> found = named(name);
        if (found.isEmpty()) {
            unknown.add(word);
        } else if (found.size() > 1) {
            throw new UsageException("ambiguous option: " + name + " could match "
                    + String.join(", ", found.stream().map(Option::name).toList()));
        } else if (equals < 0) {
            take(found.getFirst());
        } else {
            give(found.getFirst(), word.substring(equals + 1));
        }
    }

    private List<Option> named(String name) {
        List<Option> begun = new ArrayList<>();
        for (Option option : command.options()) {
            if (option.names().contains(name)) {
                return List.of(option);
            }
            if (option.names().stream().anyMatch(full -> full.startsWith("--") && full.startsWith(name))) {
                begun.add(option);
            }
        }
        return begun;
    }

    private void shortOptions(String word) throws UsageException {
        for (int i = 1; i < word.length() && !asksForHelp(); i++) {
            String name = "-" + word.charAt(i);
            List<Option> found = command.options().stream().filter(option -> option.names().contains(name)).toList();
            String rest = word.substring(i + 1);
            if (found.isEmpty()) {
                unknown.add(i == 1 ? word : "-" + word.substring(i));
                return;
            }
            Option option = found.getFirst();
            if (option.arity() != Option.Arity.NONE && !rest.isEmpty()) {
                give(option, rest.startsWith("=") ? rest.substring(1) : rest);
                return;
            }
            take(option);
        }
    }

    private void take(Option option) throws UsageException {
        count(option);
        List<String> given = new ArrayList<>();
        while (next < words.size() && given.size() < most(option) && !looksLikeOption(words.get(next))) {
            given.add(checked(option, words.get(next++)));
        }
        if (given.isEmpty() && option.arity() != Option.Arity.NONE) {
            throw new UsageException("argument " + label(option) + ": expected "
                    + (option.arity() == Option.Arity.ONE ? "one argument" : "at least one argument"));
        }
        values.put(option, given);
    }

    private static int most(Option option) {
        return switch (option.arity()) {
            case NONE -> 0;
            case ONE -> 1;
            case SOME -> Integer.MAX_VALUE;
        };
    }

    private void give(Option option, String value) throws UsageException {
        if (option.arity() == Option.Arity.NONE) {
            throw new UsageException("argument " + label(option) + ": ignored explicit argument '" + value + "'");
        }
        count(option);
        values.put(option, List.of(checked(option, value)));
    }

    private void count(Option option) throws UsageException {
        for (Option other : counts.keySet()) {
            if (option.excludes(other)) {
                throw new UsageException("argument " + label(option) + ": not allowed with argument " + label(other));
            }
        }
        counts.merge(option, 1, Integer::sum);
    }

    private static String checked(Option option, String value) throws UsageException {
        if (!option.choices().isEmpty() && !option.choices().contains(value)) {
            throw new InvalidChoiceException(label(option), value, option.choices());
        }
        return value;
    }

    private static String label(Option option) {
        return String.join("/", option.names());
    }
}
