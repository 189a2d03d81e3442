package io.rezpkgcached.cache.log;

import io.rezpkgcached.cache.layout.CacheWalk;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** rez's log files: one for each day in {@code .sys/log}, appended to by every process that logs. */
public final class LogFolder {
    private static final String SUFFIX = ".log";

    private final Path path;

    public LogFolder(Path path) {
        this.path = path;
    }

    /** The file of a day. */
    public Path file(ZonedDateTime time) {
        return path.resolve(LogText.day(time) + SUFFIX);
    }

    /** Appends one line to the file of a day, in one write, so that the lines of several processes do not mix. */
    public void append(ZonedDateTime time, String line) throws IOException {
        Files.createDirectories(path);
        Files.write(file(time), (line + "\n").getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    /** All files, in the order in which rez shows them: by the time of their last change. */
    public List<Path> files() throws IOException {
        record Aged(Path path, Instant changed) {}
        List<Aged> found = new ArrayList<>();
        for (Path file : CacheWalk.children(path)) {
            String name = file.getFileName().toString();
            if (name.endsWith(SUFFIX) && !name.startsWith(".")) {
                try {
                    found.add(new Aged(file, changed(file)));
                } catch (NoSuchFileException _) {
                    // expired since
                }
            }
        }
        found.sort(Comparator.comparing(Aged::changed).thenComparing(Aged::path));
        return found.stream().map(Aged::path).toList();
    }

    /**
     * Deletes what lies in the folder and was changed last before a number of days, whatever its name, as rez does
     * each time it starts.
     *
     * @return how many files
     */
    public int expire(Duration age, Instant now) throws IOException {
        int deleted = 0;
        for (Path file : CacheWalk.children(path)) {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                continue;
            }
            if (Duration.between(changed(file), now).compareTo(age) > 0) {
                Files.deleteIfExists(file);
                deleted++;
            }
        }
        return deleted;
    }

    /**
     * Empties files that are larger than a number of bytes. Not deletes: whoever has one open would go on writing to it, unseen.
     *
     * @return which
     */
    public List<Path> emptyLargerThan(long bytes) throws IOException {
        List<Path> emptied = new ArrayList<>();
        for (Path file : CacheWalk.children(path)) {
            if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) > bytes) {
                try (FileChannel open = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
                    open.truncate(0);
                }
                emptied.add(file);
            }
        }
        return emptied;
    }

    private static Instant changed(Path file) throws IOException {
        return ((FileTime) Files.getAttribute(file, "unix:ctime", LinkOption.NOFOLLOW_LINKS)).toInstant();
    }
}
