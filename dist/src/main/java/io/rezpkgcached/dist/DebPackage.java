package io.rezpkgcached.dist;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;

/**
 * A Debian package (deb(5), format 2.0): the same for the same input, byte for byte.
 *
 * <p>The control folder holds the control file, without the installed size, and the maintainer scripts, executable. Sums
 * of the files and the list of those that are configuration are made here.
 */
record DebPackage(Path controlFolder, Tree tree, long seconds) {
    private static final int ROOT = 0;
    private static final int KILOBYTE = 1024;
    private static final int FOLDER_MODE = 0755;
    private static final int FILE_MODE = 0644;
    private static final int REGULAR_FILE = 0100000;

    void write(Path target) throws IOException {
        Path data = target.resolveSibling("data.tar.gz");
        try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(data))) {
            writeData(file);
        }
        try (ArArchiveOutputStream archive = new ArArchiveOutputStream(Files.newOutputStream(target))) {
            add(archive, "debian-binary", "2.0\n".getBytes(StandardCharsets.US_ASCII));
            add(archive, "control.tar.gz", control());
            archive.putArchiveEntry(member("data.tar.gz", Files.size(data)));
            Files.copy(data, archive);
            archive.closeArchiveEntry();
        }
        Files.delete(data);
    }

    private void add(ArArchiveOutputStream archive, String name, byte[] content) throws IOException {
        archive.putArchiveEntry(member(name, content.length));
        archive.write(content);
        archive.closeArchiveEntry();
    }

    private ArArchiveEntry member(String name, long size) {
        return new ArArchiveEntry(name, size, ROOT, ROOT, REGULAR_FILE | FILE_MODE, seconds);
    }

    private byte[] control() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = tar(bytes)) {
            List<Path> files;
            try (var found = Files.list(controlFolder)) {
                files = found.sorted().toList();
            }
            putFolder(tar, "./", FOLDER_MODE, seconds);
            for (Path file : files) {
                String name = file.getFileName().toString();
                String more = name.equals("control") ? "Installed-Size: " + installedKilobytes() + "\n" : "";
                put(tar, name, Files.isExecutable(file) ? FOLDER_MODE : FILE_MODE, Files.readString(file) + more);
            }
            put(tar, "conffiles", FILE_MODE, conffiles());
            put(tar, "md5sums", FILE_MODE, sums());
        }
        return bytes.toByteArray();
    }

    private void put(TarArchiveOutputStream tar, String name, int mode, String text) throws IOException {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = ofRoot(new TarArchiveEntry("./" + name), mode, seconds);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private void writeData(OutputStream out) throws IOException {
        try (TarArchiveOutputStream tar = tar(out)) {
            putFolder(tar, "./", FOLDER_MODE, seconds);
            for (Entry entry : tree.entries()) {
                switch (entry) {
                    case Entry.Folder folder ->
                        putFolder(tar, "./" + folder.path() + "/", folder.mode(), folder.seconds());
                    case Entry.Regular file -> {
                        TarArchiveEntry header = ofRoot(new TarArchiveEntry("./" + file.path()), file.mode(),
                                file.seconds());
                        header.setSize(Files.size(file.content()));
                        tar.putArchiveEntry(header);
                        Files.copy(file.content(), tar);
                        tar.closeArchiveEntry();
                    }
                    case Entry.Link link -> {
                        TarArchiveEntry header = ofRoot(
                                new TarArchiveEntry("./" + link.path(), TarConstants.LF_SYMLINK), 0777, link.seconds());
                        header.setLinkName(link.target());
                        tar.putArchiveEntry(header);
                        tar.closeArchiveEntry();
                    }
                }
            }
        }
    }

    private static TarArchiveOutputStream tar(OutputStream out) throws IOException {
        TarArchiveOutputStream tar = new TarArchiveOutputStream(new GzipCompressorOutputStream(out));
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
        return tar;
    }

    private static void putFolder(TarArchiveOutputStream tar, String name, int mode, long seconds) throws IOException {
        tar.putArchiveEntry(ofRoot(new TarArchiveEntry(name), mode, seconds));
        tar.closeArchiveEntry();
    }

    private static TarArchiveEntry ofRoot(TarArchiveEntry entry, int mode, long seconds) {
        entry.setIds(ROOT, ROOT);
        entry.setNames("root", "root");
        entry.setMode(mode);
        entry.setModTime(FileTime.from(seconds, TimeUnit.SECONDS));
        return entry;
    }

    /** As dpkg-gencontrol counts: whole kilobytes of each file, one for all else. */
    private long installedKilobytes() throws IOException {
        long kilobytes = 0;
        for (Entry entry : tree.entries()) {
            kilobytes += entry instanceof Entry.Regular file
                    ? (Files.size(file.content()) + KILOBYTE - 1) / KILOBYTE
                    : 1;
        }
        return kilobytes;
    }

    private String conffiles() {
        StringBuilder lines = new StringBuilder();
        for (Entry entry : tree.entries()) {
            if (entry instanceof Entry.Regular file && file.isConfiguration()) {
                lines.append('/').append(file.path()).append('\n');
            }
        }
        return lines.toString();
    }

    private String sums() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (Entry entry : tree.entries()) {
            if (entry instanceof Entry.Regular file && !file.isConfiguration()) {
                lines.append(md5(file.content())).append("  ").append(file.path()).append('\n');
            }
        }
        return lines.toString();
    }

    private static String md5(Path file) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("MD5");
            try (DigestInputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("each Java has MD5", e);
        }
    }
}
