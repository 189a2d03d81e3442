package io.rezpkgcached.client;

import io.rezpkgcached.client.syntax.Command;
import java.util.List;
import java.util.Optional;

/** A program of ours, which does what rez's of the same name does, and more. */
public enum Program {
    PKG_CACHE("rez-pkg-cache"), MEMCACHE("rez-memcache");

    private final String word;

    Program(String word) {
        this.word = word;
    }

    /** As it is typed. */
    public String word() {
        return word;
    }

    /** As rez names its own in messages: a word of the command {@code rez}. */
    String ofRez() {
        return "rez " + word.substring("rez-".length());
    }

    static Program of(Command command) {
        return command.program().equals(MEMCACHE.word) ? MEMCACHE : PKG_CACHE;
    }

    /** The command of a word. */
    Optional<Action> named(String command) {
        return this == PKG_CACHE ? Commands.named(command) : MemcacheCommands.named(command);
    }

    /** What it does without such a word. */
    Action unnamed() {
        return this == PKG_CACHE ? new RezCommand() : new MemcacheCommand();
    }

    /** Declarations of all: the one without a word first. */
    public List<Command> all() {
        return this == PKG_CACHE ? Commands.all() : MemcacheCommands.all();
    }
}
