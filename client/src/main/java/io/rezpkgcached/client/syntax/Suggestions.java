package io.rezpkgcached.client.syntax;

import io.rezpkgcached.settings.Spelling;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What somebody probably meant who mistyped a word; nothing where no name is near. */
public final class Suggestions {
    private static final int MOST_LETTERS = 2;

    private Suggestions() {}

    /** For the words that a command refused. */
    public static List<String> of(UsageException problem, Command command) {
        return switch (problem) {
            case UnknownWordsException unknown -> unknown.words().stream().filter(word -> word.startsWith("-"))
                    .map(word -> near(optionOf(word), options(command))).flatMap(Optional::stream).distinct().toList();
            case InvalidChoiceException invalid -> Spelling.nearest(invalid.value(), invalid.choices(), MOST_LETTERS)
                    .stream().toList();
            case UsageException _ -> List.of();
        };
    }

    /** For a first word that is no command: the command, or the program's option, whose name is near. */
    public static Optional<String> ofFirst(String word, Command program, List<Command> commands) {
        Map<String, String> meant = options(program);
        for (Command command : commands) {
            meant.put(command.name(), "the command " + command.name());
        }
        return near(word, meant);
    }

    private static Optional<String> near(String word, Map<String, String> meant) {
        return Spelling.nearest(word, meant.keySet(), MOST_LETTERS).map(meant::get);
    }

    private static Map<String, String> options(Command command) {
        Map<String, String> options = new LinkedHashMap<>();
        for (Option option : command.options()) {
            if (!option.isHidden() && option.name().startsWith("--")) {
                options.put(withoutDashes(option.name()), option.name());
            }
        }
        return options;
    }

    /** Dashes are not counted: they would make a short name near to any other. */
    private static String withoutDashes(String name) {
        return name.startsWith("--") ? name.substring(2) : name.substring(1);
    }

    private static String optionOf(String word) {
        int equals = word.indexOf('=');
        return withoutDashes(equals < 0 ? word : word.substring(0, equals));
    }
}
