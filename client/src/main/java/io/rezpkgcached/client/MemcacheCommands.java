package io.rezpkgcached.client;

import io.rezpkgcached.client.syntax.Command;
import java.util.List;
import java.util.Optional;

/** All commands of {@code rez-memcache}. */
final class MemcacheCommands {
    static final String PROGRAM = "rez-memcache";

    private MemcacheCommands() {}

    /** As that of {@link Commands}. */
    static Optional<Action> named(String word) {
        return switch (word) {
            case "lookup" -> Optional.of(new LookupCommand());
            case "store" -> Optional.of(new StoreCommand());
            case "doctor" -> Optional.of(new DoctorCommand());
            default -> Optional.empty();
        };
    }

    /** Declarations of all: the one without a word first. */
    static List<Command> all() {
        return List.of(MemcacheCommand.DECLARATION, LookupCommand.DECLARATION, StoreCommand.DECLARATION,
                DoctorCommand.DECLARATION);
    }
}
