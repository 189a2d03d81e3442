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
            case "wait" -> Optional.of(new WaitCommand());
            case "status" -> Optional.of(new StatusCommand());
            case "root" -> Optional.of(new RootCommand());
            case "env" -> Optional.of(new EnvCommand());
            case "requests" -> Optional.of(new RequestsCommand());
            case "logs" -> Optional.of(new LogsCommand());
            case "config" -> Optional.of(new ConfigCommand());
            case "install-shim" -> Optional.of(new InstallShimCommand());
            default -> Optional.empty();
        };
    }

    /** Declarations of all: the one without a word first. */
    public static List<Command> all() {
        return List.of(RezCommand.DECLARATION, EnqueueCommand.DECLARATION, WaitCommand.DECLARATION,
                StatusCommand.DECLARATION, RootCommand.DECLARATION, EnvCommand.DECLARATION, RequestsCommand.DECLARATION,
                LogsCommand.DECLARATION, ConfigCommand.DECLARATION, InstallShimCommand.DECLARATION);
    }
}
