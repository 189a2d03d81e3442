package io.rezpkgcached.client;

import io.rezpkgcached.client.syntax.Command;
import io.rezpkgcached.client.syntax.Operands;
import io.rezpkgcached.client.syntax.Option;
import io.rezpkgcached.client.syntax.Parsed;
import io.rezpkgcached.settings.InstalledFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Puts this command in the place of rez's, or rez's back. */
final class InstallShimCommand implements Action {
    private static final Option UNDO = Option.flag("put rez's own command back", "--undo");

    static final Command DECLARATION = new Command(Commands.PROGRAM, "install-shim",
            "put this command in the place of rez's own",
            "Put this command in the place of the rez-pkg-cache of a production install of rez, where people and rez-env"
                    + " find it. rez's own is kept beside it, as rez-pkg-cache.rez. An upgrade of rez puts its command"
                    + " there again: repeat this after it.",
            List.of(UNDO), Operands.one("REZ_BIN_DIR", "the folder of rez's commands, the one that holds rez-env"),
            List.of(new Command.Example("rez-pkg-cache install-shim /opt/rez/bin/rez", "put it there, or there again"),
                    new Command.Example("rez-pkg-cache install-shim --undo /opt/rez/bin/rez",
                            "have rez's own back")),
            List.of(new Command.Exit(ExitCode.OK, "it is there, or was already; with --undo: rez's own is"),
                    new Command.Exit(ExitCode.FAILURE, "no such install of rez, or it may not be changed"),
                    new Command.Exit(ExitCode.USAGE, "bad command line")));

    @Override
    public Command declaration() {
        return DECLARATION;
    }

    @Override
    public int run(Parsed words, Session session) throws IOException {
        Shim shim = Shim.in(Path.of(words.operands().getFirst()));
        if (words.has(UNDO)) {
            session.out().println(switch (shim.undo()) {
                case DONE -> "rez's own command is back: " + shim.command();
                case NOT_NEEDED -> "rez's own command is there: " + shim.command();
            });
        } else {
            Path launcher = launcher();
            session.out().println(switch (shim.install(launcher)) {
                case DONE -> shim.command() + " is now " + launcher + "; rez's own is kept as " + shim.kept();
                case NOT_NEEDED -> shim.command() + " is already " + launcher;
            });
        }
        return ExitCode.OK;
    }

    private static Path launcher() throws IOException {
        Path home = InstalledFile.home()
                .orElseThrow(() -> new IOException("not started by its launcher, so it is not known where that is"));
        return home.toRealPath().resolve("bin").resolve(Commands.PROGRAM);
    }
}
