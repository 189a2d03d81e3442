package io.rezpkgcached.cache.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rezpkgcached.cache.posix.Xattrs;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Compares a payload with its copy, knowing nothing of how it was copied: names, types, content, modes without setuid and setgid, times to the
 * nanosecond, attributes, ACLs, texts of links, and which names are one file.
 */
public final class TreeAssert {
    private static final int KEPT_MODE = 01777;
    private static final int TYPE = 0170000;

    private TreeAssert() {}

    /** Both trees are the same, their roots included. */
    public static void assertSameTree(Path expected, Path actual) throws IOException {
        assertEquals(text(describe(expected)), text(describe(actual)));
    }

    /** Both trees are the same, except for mode and time of their roots. */
    public static void assertSameContent(Path expected, Path actual) throws IOException {
        Map<String, String> wanted = describe(expected);
        Map<String, String> found = describe(actual);
        wanted.remove("");
        found.remove("");
        assertEquals(text(wanted), text(found));
    }

    /** A line for each name under a folder, by its path there, percent-encoded byte by byte; the folder itself is {@code ""}. */
    public static Map<String, String> describe(Path root) throws IOException {
        Map<String, String> lines = new TreeMap<>();
        Map<String, String> firstNames = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : (Iterable<Path>) paths.sorted()::iterator) {
                String name = encoded(path).substring(encoded(root).length());
                lines.put(name, line(path, name, firstNames));
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return lines;
    }

    private static String encoded(Path path) {
        String raw = path.toUri().getRawPath();
        return raw.endsWith("/") ? raw.substring(0, raw.length() - 1) : raw;
    }

    private static String line(Path path, String name, Map<String, String> firstNames) throws IOException {
        Map<String, Object> found = Files.readAttributes(path, "unix:mode,dev,ino,nlink,size,lastModifiedTime",
                LinkOption.NOFOLLOW_LINKS);
        int mode = (int) found.get("mode");
        StringJoiner line = new StringJoiner(" ");
        line.add(Integer.toOctalString(mode & TYPE));
        line.add(((FileTime) found.get("lastModifiedTime")).toInstant().toString());
        if (Files.isSymbolicLink(path)) {
            return line.add("-> " + Files.readSymbolicLink(path)).toString();
        }
        line.add(Integer.toOctalString(mode & KEPT_MODE));
        for (String attribute : Xattrs.list(path).stream().sorted().toList()) {
            line.add(attribute + "=" + HexFormat.of().formatHex(Xattrs.get(path, attribute).orElseThrow()));
        }
        if (Files.isRegularFile(path)) {
            String first = firstNames.putIfAbsent(found.get("dev") + ":" + found.get("ino"), name);
            line.add(found.get("size") + " bytes").add(first == null ? digest(path) : "same file as " + first);
        }
        return line.toString();
    }

    private static String digest(Path file) throws IOException {
        try (DigestInputStream in = new DigestInputStream(Files.newInputStream(file),
                MessageDigest.getInstance("SHA-1"))) {
            in.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static String text(Map<String, String> lines) {
        StringJoiner text = new StringJoiner("\n");
        lines.forEach((name, line) -> text.add("[" + name + "] " + line));
        return text.toString();
    }
}
