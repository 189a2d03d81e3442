package io.rezpkgcached.cache.shared;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.Entry;
import io.rezpkgcached.cache.layout.IndexFile;
import io.rezpkgcached.cache.lock.CacheLock;
import io.rezpkgcached.cache.records.CopyRecord;
import io.rezpkgcached.cache.records.CopyRecords;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Writes index files again that were cut or changed: anyone can, since rez has every user set their time, and an empty one ends every
 * {@code rez-env} that looks at it.
 *
 * <p>A change is seen by inotify, else within half a second; one through a mapping, of which inotify tells nothing, by the file's time within a
 * second in a cache of 1,000 variants, and within some in one of 10,000. What an index should hold comes from the records and from the copies of this
 * daemon; an entry that neither knows is left alone. The time of last use is the last one that was seen with a whole content: of what was
 * changed while no daemon ran, that of the change. A reader can still meet the file in the moment before.
 */
public final class IndexGuard implements AutoCloseable {
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);
    /** How often times are looked at, or less often: they may take this part of a processor, which for 10,000 is once in 5 s. */
    private static final Duration LOOK_AT_TIMES_EVERY = Duration.ofSeconds(1);
    private static final int TIMES_PART = 100;
    /** The first write through a mapping moves the time, and then none until the kernel has written the page to disk: after half a minute. */
    private static final Duration MAY_BE_WRITTEN_FOR = Duration.ofSeconds(60);
    /** Events and times tell of everything; this is for what they miss. */
    private static final Duration LOOK_AT_ALL_EVERY = Duration.ofSeconds(30);
    private static final int MODE = 0666;
    private static final int PERMISSIONS = 07777;

    private final CacheLayout layout;
    private final CacheLock lock;
    private final InstantSource time;
    private final Consumer<String> mended;
    private final Consumer<IOException> failed;
    private final WatchService watch;
    private final Map<Path, Map<Path, Known>> directories = new ConcurrentHashMap<>();
    /** Directories without a watch: the user has only so many. */
    private final Set<Path> unwatched = ConcurrentHashMap.newKeySet();

    /** What an index should hold, and when the entry was used last. */
    private record Known(String text, FileTime used) {
        Known usedAt(FileTime time) {
            return new Known(text, time);
        }

        byte[] content() {
            return text.getBytes(StandardCharsets.UTF_8);
        }
    }

    /**
     * @param mended is told what was written again
     * @param failed is told what could not be looked at
     */
    public IndexGuard(CacheLayout layout, CacheLock lock, InstantSource time, Consumer<String> mended,
            Consumer<IOException> failed) throws IOException {
        this.layout = layout;
        this.lock = lock;
        this.time = time;
        this.mended = mended;
        this.failed = failed;
        this.watch = layout.root().getFileSystem().newWatchService();
    }

    /**
     * Takes over what another guard of this cache knew, which has been closed; before it starts.
     *
     * @return how many index files
     */
    public int take(IndexGuard former) {
        former.directories.forEach((directory, known) -> directories.put(directory, new ConcurrentHashMap<>(known)));
        return size();
    }

    /** Guards what is in the cache, on a thread of its own, until it is closed. */
    public void start() throws IOException {
        directories.keySet().forEach(this::register);
        for (CopyRecord record : new CopyRecords(layout).all()) {
            Path payload = layout.root().resolve(record.entry());
            add(new Entry(payload.getParent(), payload.getFileName().toString()), record.handle(),
                    record.requirements());
        }
        Thread.ofPlatform().name("indexes").daemon().start(this::run);
    }

    /** Guards one more; it may be there already, or not yet. */
    public void add(Entry entry, Handle handle, List<String> requirements) {
        String text = IndexFile.text(handle, requirements);
        directories.compute(entry.hashDirectory(), (_, found) -> {
            Map<Path, Known> known = found == null ? new ConcurrentHashMap<>() : found;
            known.put(entry.index(), new Known(text, FileTime.from(time.instant())));
            return known;
        });
        register(entry.hashDirectory());
        try {
            take(entry.index());
        } catch (IOException e) {
            failed.accept(e);
        }
    }

    /** The time that is found is that of the last use, whatever the content is. */
    private void take(Path index) throws IOException {
        try {
            FileTime used = Files.getLastModifiedTime(index, LinkOption.NOFOLLOW_LINKS);
            Map<Path, Known> found = directories.get(index.getParent());
            if (found != null) {
                found.computeIfPresent(index, (_, known) -> known.usedAt(used));
            }
        } catch (NoSuchFileException _) {
            // the first look forgets it
        }
    }

    private void register(Path directory) {
        try {
            directory.register(watch, StandardWatchEventKinds.ENTRY_MODIFY, StandardWatchEventKinds.ENTRY_CREATE);
            unwatched.remove(directory);
        } catch (IOException _) {
            unwatched.add(directory);
        }
    }

    private void run() {
        long lookedAtAll = 0;
        long lookAtTimes = System.nanoTime();
        try {
            while (true) {
                Set<Path> due = changed();
                due.addAll(unwatched);
                long now = System.nanoTime();
                if (now - lookAtTimes >= 0) {
                    due.addAll(changedLately());
                    long took = System.nanoTime() - now;
                    lookAtTimes = now + Math.max(LOOK_AT_TIMES_EVERY.toNanos(), TIMES_PART * took);
                }
                if (lookedAtAll == 0 || System.nanoTime() - lookedAtAll > LOOK_AT_ALL_EVERY.toNanos()) {
                    due.addAll(directories.keySet());
                    lookedAtAll = System.nanoTime();
                }
                for (Path directory : due) {
                    look(directory);
                }
            }
        } catch (ClosedWatchServiceException | InterruptedException _) {
            // closed: the daemon stops
        }
    }

    private Set<Path> changed() throws InterruptedException {
        Set<Path> changed = new HashSet<>();
        WatchKey key = watch.poll(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        for (; key != null; key = watch.poll()) {
            key.pollEvents(); // what they say does not matter
            changed.add((Path) key.watchable());
            key.reset();
        }
        return changed;
    }

    /** By their change times, which nobody can set: directories with a file that may have been written to through a mapping. */
    private Set<Path> changedLately() {
        Set<Path> found = new HashSet<>();
        Instant now = time.instant();
        for (Map.Entry<Path, Map<Path, Known>> directory : directories.entrySet()) {
            for (Path index : directory.getValue().keySet()) {
                try {
                    FileTime changed = (FileTime) Files.getAttribute(index, "unix:ctime", LinkOption.NOFOLLOW_LINKS);
                    if (Duration.between(changed.toInstant(), now).abs().compareTo(MAY_BE_WRITTEN_FOR) < 0) {
                        found.add(directory.getKey());
                    }
                } catch (IOException _) {
                    found.add(directory.getKey()); // the look at it says what is wrong, or forgets it
                }
            }
        }
        return found;
    }

    /** Looks at the index files of one directory. */
    private void look(Path directory) throws InterruptedException {
        Map<Path, Known> known = directories.getOrDefault(directory, Map.of());
        for (Path index : List.copyOf(known.keySet())) {
            try {
                look(index, known);
            } catch (NoSuchFileException _) {
                known.remove(index); // its entry was removed
            } catch (IOException e) {
                failed.accept(e);
            }
        }
        if (known.isEmpty()) {
            directories.computeIfPresent(directory, (_, found) -> found.isEmpty() ? null : found);
            unwatched.remove(directory);
        }
    }

    private void look(Path index, Map<Path, Known> known) throws IOException, InterruptedException {
        Known expected = known.get(index);
        if (expected == null) {
            return; // forgotten since
        }
        FileTime before = Files.getLastModifiedTime(index, LinkOption.NOFOLLOW_LINKS);
        if (isWhole(index, expected)) {
            // Written to between the two looks, it would have been changed at another time than this.
            if (Files.getLastModifiedTime(index, LinkOption.NOFOLLOW_LINKS).equals(before)) {
                known.replace(index, expected, expected.usedAt(before));
            }
            openToAll(index);
            return;
        }
        boolean done;
        try (CacheLock.Held _ = lock.acquire()) {
            done = !isWhole(index, expected) && Files.exists(index, LinkOption.NOFOLLOW_LINKS);
            if (done) {
                write(index, expected);
            }
        }
        if (done) {
            mended.accept("The index " + index + " was changed by somebody, and is what it was again");
        }
    }

    private static boolean isWhole(Path index, Known expected) throws IOException {
        try (InputStream in = Files.newInputStream(index, LinkOption.NOFOLLOW_LINKS)) {
            byte[] content = expected.content();
            return Arrays.equals(in.readNBytes(content.length + 1), content);
        }
    }

    private void openToAll(Path index) throws IOException {
        int mode = (int) Files.getAttribute(index, "unix:mode", LinkOption.NOFOLLOW_LINKS) & PERMISSIONS;
        if (mode != MODE) {
            Files.setAttribute(index, "unix:mode", MODE);
            mended.accept("The index %s had mode %04o, and has %04o again".formatted(index, mode, MODE));
        }
    }

    /** By a rename: whoever has the spoiled file open cannot write to this one. */
    private void write(Path index, Known expected) throws IOException {
        Path made = layout.staging().resolve(UUID.randomUUID() + ".index");
        try {
            Files.write(made, expected.content());
            Files.setAttribute(made, "unix:mode", MODE);
            Files.setLastModifiedTime(made, expected.used());
            Files.move(made, index, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(made);
        }
    }

    /** How many index files are guarded. */
    int size() {
        return directories.values().stream().mapToInt(Map::size).sum();
    }

    /** What an entry's time of last use is known to be, where it is guarded. */
    Optional<FileTime> used(Entry entry) {
        return Optional.ofNullable(directories.getOrDefault(entry.hashDirectory(), Map.of()).get(entry.index()))
                .map(Known::used);
    }

    @Override
    public void close() throws IOException {
        watch.close();
    }
}
