package io.rezpkgcached.cache.lock;

import io.rezpkgcached.cache.posix.Posix;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * What this machine knows of its processes, as far as it tells whether one may hold a lock. Sources: kill(2),
 * {@code /proc/PID/stat} and {@code /proc/stat} (proc(5)).
 */
final class ProcessTable {
    private static final Path PROC = Path.of("/proc");

    /** USER_HZ: clock ticks in {@code /proc} are hundredths of a second on every Linux that Java runs on. */
    private static final long TICKS_PER_SECOND = 100;

    private static final int STATE_AFTER_NAME = 0;
    private static final int START_TIME_AFTER_NAME = 19;

    /** When this machine was started, to the second. */
    Instant bootTime() throws IOException {
        for (String line : Files.readAllLines(PROC.resolve("stat"))) {
            if (line.startsWith("btime ")) {
                return Instant.ofEpochSecond(Long.parseLong(line.substring("btime ".length()).trim()));
            }
        }
        throw new IOException("no btime in /proc/stat");
    }

    String hostName() throws IOException {
        return Files.readString(PROC.resolve("sys/kernel/hostname")).strip();
    }

    /**
     * Whether a process of this number may have been alive at a time and be so still. In doubt it may: a process
     * that we may not signal, or of which nothing more can be read.
     */
    boolean mayLiveSince(long pid, Instant since) throws IOException {
        if (pid <= 0 || pid > Integer.MAX_VALUE || !Posix.processExists((int) pid)) {
            return false;
        }
        Optional<String[]> stat = stat(pid);
        if (stat.isEmpty()) {
            return true;
        }
        char state = stat.get()[STATE_AFTER_NAME].charAt(0);
        if (state == 'Z' || state == 'X') {
            return false;
        }
        long ticks = Long.parseLong(stat.get()[START_TIME_AFTER_NAME]);
        Instant started = bootTime().plusMillis(ticks * 1000 / TICKS_PER_SECOND);
        return !started.isAfter(since);
    }

    /** The fields after the command name, which stands in parentheses and may hold anything. */
    private static Optional<String[]> stat(long pid) {
        try {
            String line = Files.readString(PROC.resolve(Long.toString(pid)).resolve("stat"),
                    StandardCharsets.ISO_8859_1);
            return Optional.of(line.substring(line.lastIndexOf(')') + 2).split(" "));
        } catch (IOException _) {
            return Optional.empty(); // hidden from us (hidepid), or it has just ended
        }
    }
}
