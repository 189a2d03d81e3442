package io.rezpkgcached.client;

import io.rezpkgcached.client.syntax.Command;
import java.util.List;
import java.util.Optional;

/** All commands of {@code rez-pkg-cache}. */
public final class Commands {
    public static final String PROGRAM = "rez-pkg-cache";

    private Commands() {}

    /** The command of a word; a switch, so that no more classes are loaded than the one that is asked for. */
    static Optional<Action> named(String word) {
        return switch (word) {
            case "enqueue" -> Optional.of(new EnqueueCommand());
            default -> Optional.empty();
        };
    }

    /** Declarations of all: the one without a word first. */
    public static List<Command> all() {
        return List.of(RezCommand.DECLARATION, EnqueueCommand.DECLARATION);
    }
}
