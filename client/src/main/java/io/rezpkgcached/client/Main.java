package io.rezpkgcached.client;

import io.rezpkgcached.client.syntax.Option;
import io.rezpkgcached.client.syntax.Parsed;
import io.rezpkgcached.client.syntax.Parser;
import io.rezpkgcached.client.syntax.UsageException;
import io.rezpkgcached.settings.SettingsException;
import io.rezpkgcached.settings.Surroundings;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code rez-pkg-cache}: lists a package cache, or requests variants. */
public final class Main {
    private static final int STDOUT_BUFFER = 1 << 16;

    private Main() {}

    public static void main(String[] words) {
        end(perform(Program.PKG_CACHE, List.of(words)));
    }

    /** Ends the process with a status. */
    static void end(int status) {
        // System.exit looks for a log first, in all jars. Its status is needed, or it to end threads that are left.
        if (status != ExitCode.OK || Thread.activeCount() > 1) {
            System.exit(status);
        }
    }

    /** Runs one command to its end on the streams of this process, and returns its exit status. */
    static int perform(Program program, List<String> words) {
        PrintStream out = new PrintStream(
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), STDOUT_BUFFER), false,
                StandardCharsets.UTF_8);
        Session session = new Session(System.in, out, System.err, terminals(), Surroundings.ofProcess(),
                InstantSource.system());
        int status = run(program, words, session);
        out.flush();
        if (!out.checkError()) {
            return status;
        }
        if (!session.isReaderGone()) { // as in "... | head", who has had enough
            System.err.println(program.word() + ": stdout cannot be written to: it is closed, or its disk is full");
        }
        return status == ExitCode.OK ? ExitCode.IO : status;
    }

    /** In words: Java's own exceptions have only a path for a message where their kind says the rest. */
    static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> "permission denied: " + denied.getFile();
            case NoSuchFileException missing -> "no such file: " + missing.getFile();
            default -> String.valueOf(e.getMessage());
        };
    }

    private static Set<Integer> terminals() {
        Set<Integer> found = new HashSet<>();
        for (int descriptor : new int[]{1, 2}) {
            if (Terminal.is(descriptor)) {
                found.add(descriptor);
            }
        }
        return found;
    }

    private static int run(Program program, List<String> words, Session session) {
        Optional<Action> named = words.isEmpty() ? Optional.empty() : program.named(words.getFirst());
        Action action = named.orElseGet(program::unnamed);
        List<String> rest = named.isEmpty() ? words : words.subList(1, words.size());
        PrintStream err = session.err();
        try {
            Parsed parsed = Parser.parse(action.declaration(), rest);
            if (parsed.has(Option.HELP)) {
                Help.print(action.declaration(), session);
                return ExitCode.OK;
            }
            return action.run(parsed, session);
        } catch (UsageException e) {
            if (named.isPresent()) {
                Help.printUsage(action.declaration(), session);
                err.println(action.declaration().line() + ": error: " + e.getMessage());
            } else {
                err.println(RezUsage.of(program, e, session.width()));
            }
            Help.suggest(e, action.declaration(), words, session);
            return ExitCode.USAGE;
        } catch (SettingsException e) {
            err.println(program.word() + ": " + e.getMessage());
            return ExitCode.FAILURE;
        } catch (NotDirectoryException e) {
            session.error("PackageCacheError: Not a directory: " + e.getMessage());
            if (named.isEmpty()) {
                Help.suggestFirst(program, words, session);
            }
            return ExitCode.FAILURE;
        } catch (IOException e) {
            err.println(program.word() + ": " + reason(e));
            return ExitCode.FAILURE;
        } catch (InterruptedException _) {
            return ExitCode.FAILURE;
        }
    }
}
