package io.rezpkgcached.cache.layout;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Makes the folder of what is ours, with rez's beside it, and checks that a cache is of a format that we know. */
public final class OurFolder {
    /** The format of everything below {@link CacheLayout#ours()}. 1 is the first there ever was. */
    public static final int FORMAT = 1;

    /** To write a request takes milliseconds. */
    private static final Duration WRITTEN_WITHIN = Duration.ofMinutes(1);

    private OurFolder() {}

    /**
     * Makes what is missing.
     *
     * @throws IOException if the cache was used by a newer program, or cannot be written
     */
    public static void prepare(CacheLayout layout) throws IOException {
        for (Path directory : List.of(layout.sys(), layout.pending(), layout.toDelete(), layout.log())) {
            Files.createDirectories(directory);
        }
        make(layout.ours(), "rwxr-xr-x");
        checkFormat(layout);
        make(layout.prefetch(), "rwxr-xr-x"); // what waits there is no secret, as in the spool
        for (Path directory : List.of(layout.staging(), layout.incoming(), layout.refused(), layout.failed(),
                layout.deferred(), layout.records())) {
            make(directory, "rwx------");
        }
    }

    /**
     * Deletes what a process left in our folders when it died while writing: temporary names, and requests that were
     * not linked into the spool within a minute.
     */
    public static void sweep(CacheLayout layout) throws IOException {
        Instant longAgo = Instant.now().minus(WRITTEN_WITHIN);
        for (Path request : CacheWalk.children(layout.incoming())) {
            sweep(request, longAgo);
        }
        for (Path path : CacheWalk.children(layout.sys())) {
            if (CacheLayout.isRequestBeingWritten(path)) {
                try {
                    sweep(path, longAgo);
                } catch (IOException _) {
                    // Another user's, who may have made anything there, and may forbid that it is deleted.
                }
            }
        }
        for (Path directory : List.of(layout.refused(), layout.failed(), layout.deferred(), layout.records())) {
            for (Path file : CacheWalk.children(directory)) {
                if (file.getFileName().toString().startsWith(".")) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private static void sweep(Path request, Instant longAgo) throws IOException {
        try {
            if (Files.getLastModifiedTime(request, LinkOption.NOFOLLOW_LINKS).toInstant().isBefore(longAgo)) {
                Files.deleteIfExists(request);
            }
        } catch (NoSuchFileException _) {
            // linked into the spool, and done with
        }
    }

    /** The umask has no say in it. */
    private static void make(Path directory, String permissions) throws IOException {
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException _) {
            // its permissions are set all the same
        }
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(permissions));
    }

    private static void checkFormat(CacheLayout layout) throws IOException {
        String text;
        try {
            text = Files.readString(layout.format()).strip();
        } catch (NoSuchFileException _) {
            writeFormat(layout);
            return;
        }
        if (text.isEmpty()) {
            writeFormat(layout); // a power cut came before its content: it was being made
            return;
        }
        int format;
        try {
            format = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IOException(
                    layout.format() + " holds \"" + text + "\", which is not the number of a format; remove "
                            + layout.ours() + " if no daemon uses it",
                    e);
        }
        if (format < FORMAT) {
            throw new IOException(layout.format() + " holds " + format + ", and there never was such a format; remove "
                    + layout.ours() + " if no daemon uses it");
        }
        if (format > FORMAT) {
            throw new IOException("cache " + layout + " was used by a newer rez-pkg-cached (format " + format
                    + ", this one knows " + FORMAT + "): run that one, or remove " + layout.ours());
        }
    }

    private static void writeFormat(CacheLayout layout) throws IOException {
        Files.writeString(layout.format(), FORMAT + "\n");
    }
}
