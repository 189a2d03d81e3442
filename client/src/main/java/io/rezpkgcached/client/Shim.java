package io.rezpkgcached.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * A command of ours in the place of rez's of the same name, in the folder of rez's commands.
 *
 * <p>Ours is a symbolic link to the launcher; rez's own is kept beside it. Each step is one rename, so that at any moment a
 * whole command is there, one or the other, and one that was killed half-way is made good by the next.
 */
final class Shim {
    /** By this file rez knows a folder as that of its own commands, and starts them from there. */
    private static final String PRODUCTION_MARK = ".rez_production_install";
    private static final int MOST_BYTES = 1 << 16;

    private final Path folder;
    private final String name;
    private final Path command;
    private final Path kept;

    private Shim(Path folder, String name) {
        this.folder = folder;
        this.name = name;
        this.command = folder.resolve(name);
        this.kept = folder.resolve(name + ".rez");
    }

    /** What stands there. */
    private enum Found {
        OURS, REZ, NOTHING, OTHER
    }

    /** What was done. */
    enum Outcome {
        DONE, NOT_NEEDED
    }

    /**
     * A program in the folder of rez's commands.
     *
     * @throws IOException if it is another; the message says which one may have been meant
     */
    static Shim in(Path folder, Program program) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException((Files.exists(folder) ? "not a folder: " : "no such folder: ") + folder);
        }
        if (!Files.exists(folder.resolve(PRODUCTION_MARK))) {
            throw new IOException(
                    folder + " is not the folder of the commands of a production install of rez: it holds no "
                            + PRODUCTION_MARK + hint(folder));
        }
        return new Shim(folder.toAbsolutePath().normalize(), program.word());
    }

    private static String hint(Path folder) {
        for (String below : new String[]{"rez", "bin/rez"}) {
            Path other = folder.resolve(below);
            if (Files.exists(other.resolve(PRODUCTION_MARK))) {
                return "; did you mean " + other + "?";
            }
        }
        return "; it is the one that holds rez-env, such as /opt/rez/bin/rez";
    }

    /** Where rez's own command is kept. */
    Path kept() {
        return kept;
    }

    /** Where ours is, or was. */
    Path command() {
        return command;
    }

    /**
     * Looks before anything is changed.
     *
     * @throws IOException if neither can be done, since something else stands there, or nothing
     */
    void check() throws IOException {
        switch (found()) {
            case OTHER -> throw other();
            case NOTHING -> {
                if (!Files.exists(kept, LinkOption.NOFOLLOW_LINKS)) {
                    throw new IOException(
                            "no " + name + " in " + folder + ": rez is not whole there; install rez again");
                }
            }
            case OURS, REZ -> {
                // either can be done
            }
        }
    }

    private IOException other() {
        return new IOException(command + " is neither rez's command nor ours: left as it is");
    }

    /** Puts a link to the launcher in the place of rez's command; also where one to another installation stands. */
    Outcome install(Path launcher) throws IOException {
        switch (found()) {
            case OURS -> {
                if (Files.readSymbolicLink(command).equals(launcher)) {
                    return Outcome.NOT_NEEDED;
                }
            }
            case REZ -> {
                // A copy first: there is never no command. An older one that was kept is of a rez before this.
                Path next = folder.resolve(name + ".rez.new");
                Files.deleteIfExists(next);
                Files.copy(command, next, StandardCopyOption.COPY_ATTRIBUTES);
                Files.move(next, kept, StandardCopyOption.ATOMIC_MOVE);
            }
            case NOTHING -> throw new IOException("no " + name + " in " + folder
                    + ": rez is not whole there; install rez again");
            case OTHER -> throw other();
        }
        Path next = folder.resolve(name + ".new");
        Files.deleteIfExists(next);
        Files.createSymbolicLink(next, launcher);
        Files.move(next, command, StandardCopyOption.ATOMIC_MOVE);
        return Outcome.DONE;
    }

    /** Puts rez's command back; where rez was installed again since, it is there already, and the kept one goes. */
    Outcome undo() throws IOException {
        return switch (found()) {
            case OURS -> {
                putBack(kept + " is gone, so rez's own command cannot be put back: install rez again");
                yield Outcome.DONE;
            }
            case REZ -> Files.deleteIfExists(kept) ? Outcome.DONE : Outcome.NOT_NEEDED;
            case NOTHING -> {
                putBack("no " + name + " in " + folder + ", and none was kept: install rez again");
                yield Outcome.DONE;
            }
            case OTHER -> throw other();
        };
    }

    private void putBack(String otherwise) throws IOException {
        if (!Files.exists(kept, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(otherwise);
        }
        Files.move(kept, command, StandardCopyOption.ATOMIC_MOVE);
    }

    private Found found() throws IOException {
        if (Files.isSymbolicLink(command)) {
            return leadsToOurs() ? Found.OURS : Found.OTHER;
        }
        if (!Files.isRegularFile(command)) {
            return Files.exists(command) ? Found.OTHER : Found.NOTHING;
        }
        try (var in = Files.newInputStream(command)) {
            String text = new String(in.readNBytes(MOST_BYTES), StandardCharsets.ISO_8859_1);
            return text.contains(entryPoint()) ? Found.REZ : Found.OTHER;
        }
    }

    /** What the script that rez's installation writes calls; nothing else does. */
    private String entryPoint() {
        return "run_" + name.replace('-', '_');
    }

    /** Whether the link is to a launcher of ours, which need not be there any more. */
    private boolean leadsToOurs() throws IOException {
        Path target = folder.resolve(Files.readSymbolicLink(command));
        Optional<Path> leadsTo = Optional.ofNullable(target.getFileName());
        if (leadsTo.isEmpty() || !leadsTo.get().toString().equals(name)) {
            return false;
        }
        try {
            Path real = target.toRealPath();
            return Files.exists(real.resolveSibling("rez-pkg-cached"));
        } catch (NoSuchFileException _) {
            return true; // of an installation that was removed
        }
    }
}
