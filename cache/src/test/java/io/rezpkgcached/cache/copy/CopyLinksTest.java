package io.rezpkgcached.cache.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.testing.TreeAssert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopyLinksTest {
    @TempDir
    Path dir;
    private Copies copies;
    /** A repository that holds neither the payload nor {@code private}. */
    private Path repository;

    @BeforeEach
    void makePayload() throws IOException {
        copies = Copies.in(dir);
        repository = Files.createDirectory(dir.toRealPath().resolve("repository"));
        copies = copies.within(repository);
        copies.file("lib/file", "content");
    }

    @Test
    void copy_relativeLinksWithin_keptAsWritten() throws Exception {
        copies.link("lib/sibling", "file");
        copies.link("lib/chain", "sibling");
        copies.link("lib/up", "../lib/./file");
        copies.link("to-folder", "lib");
        copies.link("through-link", "to-folder/file");
        copies.link("up-through-link", "deep/er/../er/link");
        copies.link("deep/er/link", "../../lib/sibling");
        copies.link("self", ".");
        copies.link("lib/root", "..");

        CopiedPayload copied = copies.copy();

        TreeAssert.assertSameTree(copies.source(), copies.target());
        assertEquals(List.of(), copied.warnings());
    }

    @Test
    void copy_linksWithinThatLeaveOnTheWay_rewritten() throws Exception {
        copies.link("absolute", copies.source() + "/lib/file");
        copies.link("lib/absolute-folder", copies.source() + "/lib");
        copies.link("to-root", copies.source().toString());
        copies.link("lib/deep/out-and-back", "../../../payload/lib/file");
        Path back = Files.createSymbolicLink(dir.resolve("back"), copies.source());
        copies.link("through-outside", back + "/lib/file");
        copies.link("kept-outside", dir.toRealPath().toString());
        copies.link("over-kept", "kept-outside/payload/lib/file");

        copies.copy();

        assertEquals("lib/file", copies.text("absolute"));
        assertEquals(".", copies.text("lib/absolute-folder"));
        assertEquals(".", copies.text("to-root"));
        assertEquals("../file", copies.text("lib/deep/out-and-back"));
        assertEquals("lib/file", copies.text("through-outside"));
        assertEquals("lib/file", copies.text("over-kept"));
        assertEquals("content", Files.readString(copies.target().resolve("lib/deep/out-and-back")));
    }

    @Test
    void copy_linkIntoRepository_fileAndTreeCopiedInPlace() throws Exception {
        Path shared = Files.createDirectories(repository.resolve("shared/data"));
        Files.writeString(shared.resolve("file"), "shared");
        Files.createSymbolicLink(shared.resolve("same-tree"), Path.of("file"));
        Files.createSymbolicLink(shared.resolve("absolute-same-tree"), shared.resolve("file"));
        Files.createSymbolicLink(shared.resolve("into-payload"), copies.source().resolve("lib/file"));
        Files.createSymbolicLink(shared.resolve("elsewhere"), Files.writeString(repository.resolve("other"), "other"));
        copies.link("deep/tree", shared.toString());
        copies.link("one-file", "../repository/shared/data/file");
        copies.link("by-link", repository.resolve("shared/data/same-tree").toString());

        CopiedPayload copied = copies.copy();

        Path tree = copies.target().resolve("deep/tree");
        assertTrue(Files.isDirectory(tree, LinkOption.NOFOLLOW_LINKS));
        assertEquals("file", copies.text("deep/tree/same-tree"));
        assertEquals("file", copies.text("deep/tree/absolute-same-tree"));
        assertEquals("../../lib/file", copies.text("deep/tree/into-payload"));
        assertEquals("content", Files.readString(tree.resolve("into-payload")));
        for (String name : List.of("deep/tree/elsewhere", "deep/tree/file", "one-file", "by-link")) {
            assertTrue(Files.isRegularFile(copies.target().resolve(name), LinkOption.NOFOLLOW_LINKS), name);
        }
        assertEquals(Stat.of(shared).modified(), Stat.of(tree).modified());
        assertEquals(List.of(), copied.warnings());
    }

    @Test
    void copy_repositoryGivenByALink_linksIntoItFollowed() throws Exception {
        Path file = Files.writeString(repository.resolve("file"), "shared");
        Path alias = Files.createSymbolicLink(dir.resolve("alias"), repository);
        copies.link("link", file.toString());
        copies.within(dir.resolve("not-mounted"), alias).copy();
        assertTrue(Files.isRegularFile(copies.target().resolve("link"), LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void copy_noRepositories_linksToAnywhereFollowed() throws Exception {
        Path outside = Files.writeString(dir.resolve("outside"), "outside");
        copies.link("link", outside.toString());
        copies.within().copy();
        assertEquals("outside", Files.readString(copies.target().resolve("link")));
        assertFalse(Files.isSymbolicLink(copies.target().resolve("link")));
    }

    @Test
    void copy_linkOutsideRepositories_keptAndNeverRead() throws Exception {
        Path secret = Files.createDirectory(dir.toRealPath().resolve("secret"));
        Files.writeString(secret.resolve("file"), "secret");
        copies.link("absolute", secret + "/file");
        copies.link("folder", secret.toString());
        copies.link("relative", "../secret/file");
        copies.link("chain", "absolute");
        copies.link("fifo-like", "/dev/null");

        CopiedPayload copied = copies.copy();

        TreeAssert.assertSameTree(copies.source(), copies.target());
        assertEquals(List.of(
                copies.source() + "/chain: kept, but it is relative and leads out of the payload to " + secret
                        + "/file: from the copy it leads elsewhere",
                copies.source() + "/relative: kept, but it is relative and leads out of the payload to " + secret
                        + "/file: from the copy it leads elsewhere"),
                copied.warnings());
    }

    @Test
    void copy_linksThatLeadNowhere_keptWithWarning() throws Exception {
        copies.link("absent", "no/such/file");
        copies.link("loop", "loop");
        copies.link("ping", "pong");
        copies.link("pong", "ping");
        copies.link("file-as-folder", "lib/file/x");
        copies.link("long", "x".repeat(300));

        CopiedPayload copied = copies.copy();

        TreeAssert.assertSameTree(copies.source(), copies.target());
        assertEquals(6, copied.warnings().size());
        assertEquals(copies.source() + "/absent: kept, but it leads nowhere: no/such/file",
                copied.warnings().getFirst());
    }

    @Test
    void copy_cycleThroughFollowedTrees_refusedByTheLinksName() throws Exception {
        Path one = Files.createDirectories(repository.resolve("one/in"));
        Path two = Files.createDirectory(repository.resolve("two"));
        Files.createSymbolicLink(one.resolve("to-two"), two);
        Path culprit = Files.createSymbolicLink(two.resolve("to-one"), repository.resolve("one"));
        copies.link("entry", repository.resolve("one").toString());

        PayloadRefusedException e = assertThrows(PayloadRefusedException.class, copies::copy);

        assertTrue(e.getMessage().startsWith(culprit + ": a cycle"), e.getMessage());
        assertFalse(Files.exists(copies.target()));
        assertEquals(List.of(), Copies.threads());
    }

    @Test
    void copy_linkToFolderAroundPayload_refusedByItsName() throws Exception {
        Path link = copies.link("lib/above", "../..");
        PayloadRefusedException e = assertThrows(PayloadRefusedException.class, copies.within()::copy);
        assertTrue(e.getMessage().startsWith(link + ": a cycle"), e.getMessage());
    }

    @Test
    void copy_sameTreeFollowedTwice_isNoCycle() throws Exception {
        Path shared = Files.createDirectories(repository.resolve("shared"));
        Files.writeString(shared.resolve("file"), "shared");
        Path other = Files.createDirectory(repository.resolve("other"));
        Files.createSymbolicLink(other.resolve("again"), shared);
        copies.link("first", shared.toString());
        copies.link("second", shared.toString());
        copies.link("third", other.toString());
        copies.copy();
        for (String name : List.of("first/file", "second/file", "third/again/file")) {
            assertEquals("shared", Files.readString(copies.target().resolve(name)));
        }
    }

    @Test
    void copy_sourceReachedThroughLinks_itsRealFolderIsCopied() throws Exception {
        copies.link("absolute", copies.source() + "/lib/file");
        Path link = Files.createSymbolicLink(dir.resolve("link"), Path.of("payload"));
        copies.from(Files.createSymbolicLink(dir.resolve("link2"), link)).copy();
        assertEquals("lib/file", copies.text("absolute"));
        assertFalse(Files.isSymbolicLink(copies.target()));
    }
}
