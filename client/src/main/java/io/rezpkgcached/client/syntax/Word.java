package io.rezpkgcached.client.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one word is, which argparse decides of all words before it looks at any value ({@code _parse_optional} and
 * {@code _get_option_tuples} of CPython 3.11).
 *
 * @param name   of an option as it was typed, without what is joined to it
 * @param option the one that is meant; empty if there is none, and for words that are no options
 * @param joined what stands in the same word after the name
 */
record Word(String text, Kind kind, String name, Optional<Option> option, Optional<String> joined) {
    enum Kind {
        OPERAND, OPTION,
        /** The first {@code --}: all that follow are operands. */
        DASHES
    }

    /** @throws UsageException if one is the beginning of several options */
    static List<Word> of(List<String> texts, Command command) throws UsageException {
        List<Word> words = new ArrayList<>();
        boolean onlyOperands = false;
        for (String text : texts) {
            if (onlyOperands) {
                words.add(operand(text));
            } else if (text.equals("--")) {
                words.add(new Word(text, Kind.DASHES, text, Optional.empty(), Optional.empty()));
                onlyOperands = true;
            } else {
                words.add(of(text, command));
            }
        }
        return words;
    }

    private static Word of(String text, Command command) throws UsageException {
        if (!text.startsWith("-") || text.length() == 1) {
            return operand(text);
        }
        Optional<Option> exact = named(text, command);
        if (exact.isPresent()) {
            return new Word(text, Kind.OPTION, text, exact, Optional.empty());
        }
        int equals = text.indexOf('=');
        String name = equals < 0 ? text : text.substring(0, equals);
        Optional<String> value = equals < 0 ? Optional.empty() : Optional.of(text.substring(equals + 1));
        exact = named(name, command);
        if (exact.isPresent()) {
            return new Word(text, Kind.OPTION, name, exact, value);
        }
        Optional<Word> begun = text.startsWith("--") ? begun(text, name, value, command) : joined(text, command);
        if (begun.isPresent()) {
            return begun.get();
        }
        return isNegativeNumber(text) || text.indexOf(' ') >= 0
                ? operand(text)
                : new Word(text, Kind.OPTION, text, Optional.empty(), Optional.empty());
    }

    private static Word operand(String text) {
        return new Word(text, Kind.OPERAND, "", Optional.empty(), Optional.empty());
    }

    static Optional<Option> named(String name, Command command) {
        for (Option option : command.options()) {
            if (option.names().contains(name)) {
                return Optional.of(option);
            }
        }
        return Optional.empty();
    }

    private static Optional<Word> begun(String text, String beginning, Optional<String> value, Command command)
            throws UsageException {
        List<String> names = new ArrayList<>();
        for (Option option : command.options()) {
            for (String name : option.names()) {
                if (name.startsWith(beginning)) {
                    names.add(name);
                }
            }
        }
        if (names.size() > 1) {
            throw new UsageException("ambiguous option: " + text + " could match " + String.join(", ", names));
        }
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of(new Word(text, Kind.OPTION, beginning, named(names.getFirst(), command), value));
    }

    /** {@code -fv}, {@code -cstatus}: the first letter is an option, the rest is for that to say. */
    private static Optional<Word> joined(String text, Command command) {
        int rest = text.offsetByCodePoints(1, 1);
        String name = text.substring(0, rest);
        return named(name, command)
                .map(option -> new Word(text, Kind.OPTION, name, Optional.of(option),
                        Optional.of(text.substring(rest))));
    }

    /** {@code -1}, {@code -1.5}, {@code -.5}: no command has such an option. */
    private static boolean isNegativeNumber(String text) {
        int point = text.indexOf('.');
        String whole = text.substring(1, point < 0 ? text.length() : point);
        return point < 0
                ? !whole.isEmpty() && isDigits(whole)
                : isDigits(whole) && point + 1 < text.length() && isDigits(text.substring(point + 1));
    }

    private static boolean isDigits(String text) {
        return text.codePoints().allMatch(Character::isDigit);
    }
}
