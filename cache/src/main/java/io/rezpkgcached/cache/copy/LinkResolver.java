package io.rezpkgcached.cache.copy;

import io.rezpkgcached.cache.posix.Errno;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Decides about each symbolic link of a payload whether it is kept, rewritten or followed.
 *
 * <p>What counts is where a link ends, after all links on the way. A link that ends in the payload, or in the followed tree that it is part of, is kept
 * so that it ends at the same place of the copy and never leaves it on the way.
 */
final class LinkResolver {
    /** As many as the kernel follows in one path. */
    private static final int MOST_FOLLOWED = 40;

    private final LinkPolicy policy;
    private final Mount payload;

    LinkResolver(LinkPolicy policy, Mount payload) {
        this.policy = policy;
        this.payload = payload;
    }

    LinkEnd resolve(DirectoryNode holder, Path name, Mount mount) throws IOException, PayloadRefusedException {
        Path link = holder.source().resolve(name);
        Path text = Files.readSymbolicLink(link);
        if (isPlainSibling(holder, text)) {
            return new LinkEnd.Kept(text);
        }
        Path end;
        try {
            end = link.toRealPath();
        } catch (FileSystemException e) {
            return unresolved(link, text, e);
        }
        // The innermost tree first: the payload cannot lie in a followed tree, that would be a cycle.
        for (Mount tree : mount.equals(payload) ? Stream.of(payload).toList() : Stream.of(mount, payload).toList()) {
            if (end.startsWith(tree.real())) {
                boolean own = tree.equals(mount);
                return new LinkEnd.Kept(
                        own && staysInside(holder, text, tree, end) ? text : rewritten(holder, tree, end));
            }
        }
        if (policy.follows(end)) {
            refuseCycle(link, end, holder, mount);
            return new LinkEnd.Followed(end);
        }
        return new LinkEnd.Kept(text, text.isAbsolute()
                ? Optional.empty()
                : Optional.of(link + ": kept, but it is relative and leads out of the payload to " + end
                        + ": from the copy it leads elsewhere"));
    }

    /** The usual link of a shared library: one look at its neighbour instead of one at each folder of a real path. */
    private static boolean isPlainSibling(DirectoryNode holder, Path text) throws IOException {
        if (text.isAbsolute() || text.getNameCount() != 1 || isDots(text)) {
            return false;
        }
        try {
            return !Stat.of(holder.source().resolve(text)).isLink();
        } catch (FileSystemException e) {
            return false; // not there, or not to be looked at: its real path tells
        }
    }

    private static boolean isDots(Path name) {
        String text = name.toString();
        return text.equals(".") || text.equals("..");
    }

    private LinkEnd unresolved(Path link, Path text, FileSystemException e) throws IOException {
        String reason = e.getReason() == null ? "" : e.getReason();
        boolean nowhere = e instanceof NoSuchFileException
                || Stream.of(Errno.ELOOP, Errno.ENOTDIR, Errno.ENAMETOOLONG).map(Errno::text)
                        .anyMatch(reason::startsWith);
        if (nowhere) {
            return new LinkEnd.Kept(text, Optional.of(link + ": kept, but it leads nowhere: " + text));
        }
        Path end = text.normalize();
        if (e instanceof AccessDeniedException && text.isAbsolute() && !end.startsWith(payload.real())
                && !policy.follows(end)) {
            return new LinkEnd.Kept(text,
                    Optional.of(link + ": kept, but this user cannot see where it leads: " + text));
        }
        throw e;
    }

    private static boolean staysInside(DirectoryNode holder, Path text, Mount tree, Path end) throws IOException {
        if (text.isAbsolute() || leaves(tree.real().relativize(holder.source()), text)) {
            return false;
        }
        if (holder.source().resolve(text).normalize().equals(end)) {
            return true; // no other link on the way
        }
        for (int names = 1; names < text.getNameCount(); names++) {
            Path onTheWay = holder.source().resolve(text.subpath(0, names)).toRealPath();
            if (!onTheWay.startsWith(tree.real())) {
                return false;
            }
        }
        return true;
    }

    /** Whether a relative text climbs above the tree at any point, read as written. */
    private static boolean leaves(Path holder, Path text) {
        int depth = holder.toString().isEmpty() ? 0 : holder.getNameCount();
        for (Path part : text) {
            switch (part.toString()) {
                case "." -> {
                }
                case ".." -> depth--;
                default -> depth++;
            }
            if (depth < 0) {
                return true;
            }
        }
        return false;
    }

    /** A relative text that leads to the same place of the copy through folders only. */
    private static Path rewritten(DirectoryNode holder, Mount tree, Path end) {
        Path place = tree.target().resolve(tree.real().relativize(end));
        Path text = holder.target().relativize(place);
        return text.toString().isEmpty() ? Path.of(".") : text;
    }

    private static void refuseCycle(Path link, Path end, DirectoryNode holder, Mount mount)
            throws PayloadRefusedException {
        for (Path folder : mount.wayThrough(holder)) {
            if (folder.startsWith(end)) {
                throw new PayloadRefusedException(link + ": a cycle: this link leads to " + end
                        + ", from which the copy comes back to the link; remove it or point it elsewhere");
            }
        }
        if (mount.way().size() >= MOST_FOLLOWED) {
            throw new PayloadRefusedException(
                    link + ": more than " + MOST_FOLLOWED + " links followed one after another");
        }
    }
}
