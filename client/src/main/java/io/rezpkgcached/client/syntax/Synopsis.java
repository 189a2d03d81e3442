package io.rezpkgcached.client.syntax;

import java.util.ArrayList;
import java.util.List;

/** How a command's words are put together: {@code [-f | --clean] [-c COLUMN ...] [DIR]}. */
public final class Synopsis {
    private Synopsis() {}

    /** Pieces that should stay whole; options that exclude each other stand where the first of them was declared. */
    public static List<String> pieces(Command command) {
        List<Option> shown = command.options().stream().filter(option -> !option.isHidden()).toList();
        List<String> pieces = new ArrayList<>();
        for (Option option : shown) {
            List<Option> together = shown.stream()
                    .filter(other -> other.equals(option) || option.excludes(other)).toList();
            if (together.getFirst().equals(option)) {
                for (int i = 0; i < together.size(); i++) {
                    pieces.add((i == 0 ? "[" : "") + together.get(i).names().getFirst() + value(together.get(i))
                            + (i == together.size() - 1 ? "]" : " |"));
                }
            }
        }
        if (command.operands().most() > 0) {
            pieces.add(operands(command.operands()));
        }
        return pieces;
    }

    /** What follows an option's name, with a space before it; empty where nothing does. */
    public static String value(Option option) {
        String one = option.metavar().isEmpty()
                ? "{" + String.join(",", option.choices()) + "}"
                : option.metavar();
        return switch (option.arity()) {
            case NONE -> "";
            case ONE, EACH -> " " + one;
            case SOME -> " " + one + " ...";
        };
    }

    private static String operands(Operands operands) {
        String words = operands.metavar() + (operands.most() > 1 ? " ..." : "");
        return operands.least() == 0 ? "[" + words + "]" : words;
    }
}
