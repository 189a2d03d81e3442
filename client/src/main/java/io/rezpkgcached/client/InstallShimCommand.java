package io.rezpkgcached.client;

import io.rezpkgcached.client.syntax.Command;
import io.rezpkgcached.client.syntax.Operands;
import io.rezpkgcached.client.syntax.Option;
import io.rezpkgcached.client.syntax.Parsed;
import io.rezpkgcached.settings.InstalledFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Puts our commands in the place of rez's, or rez's back. */
final class InstallShimCommand implements Action {
    private static final Option UNDO = Option.flag("put rez's own commands back", "--undo");

    static final Command DECLARATION = new Command(Commands.PROGRAM, "install-shim",
            "put our commands in the place of rez's own",
            "Put this command and rez-memcache in the place of those of a production install of rez, where people and"
                    + " rez-env find them. rez's own are kept beside them, as rez-pkg-cache.rez and rez-memcache.rez. An"
                    + " upgrade of rez puts its commands there again: repeat this after it.",
            List.of(UNDO), Operands.one("REZ_BIN_DIR", "the folder of rez's commands, the one that holds rez-env"),
            List.of(new Command.Example("rez-pkg-cache install-shim /opt/rez/bin/rez",
                    "put them there, or there again"),
                    new Command.Example("rez-pkg-cache install-shim --undo /opt/rez/bin/rez",
                            "have rez's own back")),
            List.of(new Command.Exit(ExitCode.OK, "they are there, or were already; with --undo: rez's own are"),
                    new Command.Exit(ExitCode.FAILURE, "no such install of rez, or it may not be changed"),
                    new Command.Exit(ExitCode.USAGE, "bad command line")));

    @Override
    public Command declaration() {
        return DECLARATION;
    }

    @Override
    public int run(Parsed words, Session session) throws IOException {
        List<Program> programs = List.of(Program.values());
        List<Shim> shims = new ArrayList<>();
        for (Program program : programs) {
            Shim shim = Shim.in(Path.of(words.operands().getFirst()), program);
            shim.check();
            shims.add(shim);
        }
        for (int i = 0; i < shims.size(); i++) {
            session.out().println(words.has(UNDO) ? undo(shims.get(i)) : install(shims.get(i), programs.get(i)));
        }
        return ExitCode.OK;
    }

    private static String undo(Shim shim) throws IOException {
        return switch (shim.undo()) {
            case DONE -> "rez's own command is back: " + shim.command();
            case NOT_NEEDED -> "rez's own command is there: " + shim.command();
        };
    }

    private static String install(Shim shim, Program program) throws IOException {
        Path launcher = launcher(program);
        return switch (shim.install(launcher)) {
            case DONE -> shim.command() + " is now " + launcher + "; rez's own is kept as " + shim.kept();
            case NOT_NEEDED -> shim.command() + " is already " + launcher;
        };
    }

    private static Path launcher(Program program) throws IOException {
        Path home = InstalledFile.home()
                .orElseThrow(() -> new IOException("not started by its launcher, so it is not known where that is"));
        return home.toRealPath().resolve("bin").resolve(program.word());
    }
}
