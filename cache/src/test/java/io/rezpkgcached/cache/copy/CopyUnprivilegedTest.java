package io.rezpkgcached.cache.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.posix.Posix;
import io.rezpkgcached.cache.testing.TreeAssert;
import io.rezpkgcached.cache.testing.Unprivileged;
import io.rezpkgcached.cache.testing.Unprivileged.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies made by a user who is not root, in a process of its own. */
class CopyUnprivilegedTest {
    @TempDir
    Path dir;
    private Copies copies;

    @BeforeEach
    void makePayload() throws Exception {
        copies = Copies.in(dir);
    }

    /** Copies its first argument to the second, renames the copy to the third and closes it. */
    static final class Program {
        public static void main(String[] arguments) throws Exception {
            Path target = Path.of(arguments[1]);
            PayloadCopier copier = new PayloadCopier(2, new LinkPolicy(List.of(Path.of(arguments[0]))),
                    Pace.unlimited());
            CopiedPayload copied = copier.copy(Path.of(arguments[0]), target, new CopyMonitor());
            Path renamed = Files.move(target, Path.of(arguments[2]));
            copied.root().applyTo(renamed);
            System.out.println("uid " + Posix.geteuid() + " " + copied.warnings());
        }
    }

    private Outcome copy() throws Exception {
        Unprivileged.own(dir);
        return Unprivileged.run(Program.class, copies.source().toString(), dir.resolve("staged").toString(),
                copies.target().toString());
    }

    @Test
    void copy_readOnlyFoldersAndFiles_copiedRenamedAndClosed() throws Exception {
        for (int mode : List.of(0444, 0400, 0555)) {
            Path file = copies.file("folder-" + Integer.toOctalString(mode) + "/file", "x");
            Files.createSymbolicLink(file.resolveSibling("link"), Path.of("file"));
            Files.createLink(file.resolveSibling("name"), file);
            Files.setAttribute(file, "unix:mode", mode);
            Files.setAttribute(file.getParent(), "unix:mode", mode | 0500);
        }
        Files.setAttribute(copies.source(), "unix:mode", 0555);
        Outcome outcome = copy();
        assertEquals(new Outcome(0, "uid " + (Posix.geteuid() == 0 ? 65534 : Posix.geteuid()) + " []\n"), outcome);
        TreeAssert.assertSameTree(copies.source(), copies.target());
        // So that the temporary folder can be deleted by whoever runs this.
        assertEquals(0, new ProcessBuilder("chmod", "-R", "u+w", dir.toString()).start().waitFor());
    }

    @Test
    void copy_unreadableFile_failsWithItsName() throws Exception {
        Path file = copies.file("folder/secret", "x");
        Files.setAttribute(file, "unix:mode", 0000);
        Outcome outcome = copy();
        assertEquals(1, outcome.exitCode());
        assertTrue(outcome.output().contains("AccessDeniedException: " + file + ": this user ("), outcome.output());
    }

    @Test
    void copy_unreadableFolder_failsWithItsName() throws Exception {
        Path folder = copies.file("folder/file", "x").getParent();
        Files.setAttribute(folder, "unix:mode", 0000);
        Outcome outcome = copy();
        Files.setAttribute(folder, "unix:mode", 0700);
        assertEquals(1, outcome.exitCode());
        assertTrue(outcome.output().contains("AccessDeniedException: " + folder), outcome.output());
    }

    @Test
    void copy_linkIntoAFolderThatNobodyMayEnter_keptWithWarning() throws Exception {
        Path closed = Files.createDirectories(dir.resolve("closed/inner"));
        copies.link("link", closed + "/file");
        Files.setAttribute(closed.getParent(), "unix:mode", 0000);
        Outcome outcome = copy();
        Files.setAttribute(closed.getParent(), "unix:mode", 0700);
        assertEquals(0, outcome.exitCode(), outcome.output());
        assertTrue(outcome.output().contains("this user cannot see where it leads"), outcome.output());
        assertEquals(closed + "/file", copies.text("link"));
    }
}
