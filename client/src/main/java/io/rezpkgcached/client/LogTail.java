package io.rezpkgcached.client;

import io.rezpkgcached.cache.log.LogFolder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The lines of the log files, the older files first, as far as they have not been printed yet. Prints whole lines only,
 * byte for byte, and holds a buffer of them at a time, however large the files are.
 */
final class LogTail {
    private static final int BUFFER = 1 << 16;

    private final LogFolder folder;

    /** How far each file was printed. */
    private final Map<Path, Long> printed = new HashMap<>();

    LogTail(LogFolder folder) {
        this.folder = folder;
    }

    /** Leaves out all lines that there are but the last ones. */
    void skipToLast(long lines) throws IOException {
        long left = lines;
        for (Path file : files().reversed()) {
            try (FileChannel channel = FileChannel.open(file)) {
                long end = lineEnd(channel, 0, channel.size());
                Place start = lastLines(channel, end, left);
                printed.put(file, start.position());
                left -= start.lines();
            } catch (NoSuchFileException _) {
                // expired
            }
        }
    }

    /** Prints what has come, and returns whether that was anything. */
    boolean printNew(OutputStream out) throws IOException {
        List<Path> files = files();
        printed.keySet().retainAll(files); // one that has gone may come again as another
        boolean any = false;
        for (Path file : files) {
            try (FileChannel channel = FileChannel.open(file)) {
                any |= printNew(file, channel, out);
            } catch (NoSuchFileException _) {
                printed.remove(file); // expired
            }
        }
        return any;
    }

    private boolean printNew(Path file, FileChannel channel, OutputStream out) throws IOException {
        long size = channel.size();
        long from = printed.getOrDefault(file, 0L);
        if (size < from) {
            from = 0; // it is another file by the same name
        }
        long end = lineEnd(channel, from, size);
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        long position = from;
        while (position < end) {
            buffer.clear().limit((int) Math.min(BUFFER, end - position));
            int count = channel.read(buffer, position);
            if (count < 0) {
                break; // cut short meanwhile: another file next time
            }
            out.write(buffer.array(), 0, count);
            position += count;
        }
        printed.put(file, end);
        return end > from;
    }

    private List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>(folder.files());
        files.sort(Comparator.naturalOrder()); // by day
        return files;
    }

    /** The place after the last line feed; what follows is a line that is not complete yet. */
    private static long lineEnd(FileChannel channel, long from, long size) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        for (long end = size; end > from;) {
            long begin = Math.max(from, end - BUFFER);
            int count = read(channel, buffer, begin, end);
            for (int i = count - 1; i >= 0; i--) {
                if (buffer.get(i) == '\n') {
                    return begin + i + 1;
                }
            }
            end = begin;
        }
        return from;
    }

    private record Place(long position, long lines) {}

    /** Where the last lines before a place begin, and how many there are. */
    private static Place lastLines(FileChannel channel, long end, long most) throws IOException {
        if (most == 0 || end == 0) {
            return new Place(end, 0);
        }
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        long lines = 0;
        for (long till = end - 1; till > 0;) { // the last line feed ends the last line
            long begin = Math.max(0, till - BUFFER);
            int count = read(channel, buffer, begin, till);
            for (int i = count - 1; i >= 0; i--) {
                if (buffer.get(i) == '\n' && ++lines == most) {
                    return new Place(begin + i + 1, lines);
                }
            }
            till = begin;
        }
        return new Place(0, lines + 1);
    }

    private static int read(FileChannel channel, ByteBuffer buffer, long from, long to) throws IOException {
        buffer.clear().limit((int) (to - from));
        while (buffer.hasRemaining() && channel.read(buffer, from + buffer.position()) >= 0) {
            // until it is full
        }
        return buffer.position();
    }
}
