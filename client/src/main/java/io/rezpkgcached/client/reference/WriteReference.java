package io.rezpkgcached.client.reference;

import io.rezpkgcached.client.Program;
import io.rezpkgcached.client.syntax.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/**
 * Writes the manual pages of all commands, and their completion for bash and zsh, into a folder: where shells and man look
 * below a prefix. The same declarations, version and time give the same bytes.
 */
public final class WriteReference {
    private WriteReference() {}

    /** Takes the folder, the version, and the time of the build. */
    public static void main(String[] words) throws IOException {
        if (words.length != 3) {
            throw new IllegalArgumentException("usage: WriteReference FOLDER VERSION TIME, not " + List.of(words));
        }
        write(Path.of(words[0]), words[1], LocalDate.ofInstant(Instant.parse(words[2]), ZoneOffset.UTC));
    }

    static void write(Path folder, String version, LocalDate date) throws IOException {
        for (Program program : Program.values()) {
            write(folder, program, version, date);
        }
    }

    private static void write(Path folder, Program program, String version, LocalDate date) throws IOException {
        List<Command> all = program.all();
        Path manual = Files.createDirectories(folder.resolve("man/man1"));
        for (Command command : all) {
            String name = ManualPage.name(command);
            Files.writeString(manual.resolve(name + ".1"), ManualPage.of(command, all, version, date));
        }
        Path bash = Files.createDirectories(folder.resolve("share/bash-completion/completions"));
        Files.writeString(bash.resolve(program.word()), BashCompletion.of(all));
        Path zsh = Files.createDirectories(folder.resolve("share/zsh/site-functions"));
        Files.writeString(zsh.resolve("_" + program.word()), ZshCompletion.of(all));
    }
}
